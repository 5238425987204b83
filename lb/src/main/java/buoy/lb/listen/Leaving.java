package buoy.lb.listen;

import io.netty.channel.socket.DuplexChannel;
import org.jspecify.annotations.Nullable;

/**
 * Whose clients are to go. Control sets it; every acceptor looks, so that who comes meanwhile is
 * served once and not kept.
 */
public final class Leaving {
    private volatile @Nullable CameTo who;

    public void from(CameTo who) {
        this.who = who;
    }

    public void end() {
        who = null;
    }

    boolean includes(DuplexChannel channel) {
        CameTo now = who;
        return now != null && now.includes(channel);
    }
}
