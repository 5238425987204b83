/** Programs of the operator's that are told when a virtual router changes its state. */
@NullMarked
package buoy.daemon.notify;

import org.jspecify.annotations.NullMarked;
