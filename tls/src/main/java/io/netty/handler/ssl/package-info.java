/** One class beside Netty's own: {@link io.netty.handler.ssl.DirectConscryptEngine} says why. */
@NullMarked
package io.netty.handler.ssl;

import org.jspecify.annotations.NullMarked;
