package buoy.lb.worker;

import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SslCloseCompletionEvent;

/** How a channel says that its peer will send no more. */
public final class EndOfInput {
    private EndOfInput() {}

    /** Whether a user event says so: the end of the stream, or within TLS a close_notify. */
    public static boolean is(Object event) {
        return event instanceof ChannelInputShutdownEvent
                || (event instanceof SslCloseCompletionEvent closed && closed.isSuccess());
    }
}
