/** One class beside Netty's own: {@link io.netty.handler.codec.http2.Floods} says why. */
@NullMarked
package io.netty.handler.codec.http2;

import org.jspecify.annotations.NullMarked;
