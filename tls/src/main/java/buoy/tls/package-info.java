/** Certificates, SNI, policies, live replacement. */
@NullMarked
package buoy.tls;

import org.jspecify.annotations.NullMarked;
