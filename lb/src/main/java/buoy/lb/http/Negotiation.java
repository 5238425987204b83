package buoy.lb.http;

import buoy.lb.listen.Client;
import buoy.lb.pool.Doing;
import buoy.lb.pool.Reason;
import buoy.lb.worker.Deadlines.Deadline;
import buoy.tls.TlsOutcome;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A client of a listener with TLS, until its handshake tells which version of HTTP it speaks (ALPN,
 * RFC 7301); from then on what that one makes of it. Handshakes that fail are ended by who says so.
 */
final class Negotiation extends ChannelInboundHandlerAdapter implements Client {
    private final Workshop shop;
    private final Channel channel;
    private final Deadline deadline = new Deadline(this::expired);
    private final long opened;
    private final Function<TlsOutcome.Established, Client> speaks;
    private final Consumer<TlsOutcome.Failed> failed;
    private @Nullable Client client;
    private boolean lastAnswer;
    private boolean drains;

    /**
     * @param speaks puts the version's handler at the end of the pipeline
     * @param failed told once if there will be no TLS
     */
    Negotiation(
            Workshop shop,
            Channel channel,
            Function<TlsOutcome.Established, Client> speaks,
            Consumer<TlsOutcome.Failed> failed) {
        this.shop = shop;
        this.channel = channel;
        this.opened = shop.worker.now();
        this.speaks = speaks;
        this.failed = failed;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof TlsOutcome.Established established) {
            Client spoken = speaks.apply(established);
            client = spoken;
            shop.off(deadline);
            context.pipeline().remove(this);
            if (drains) {
                spoken.drain();
            } else if (lastAnswer) {
                spoken.endWithNextAnswer();
            }
        } else if (event instanceof TlsOutcome.Failed why) {
            failed.accept(why);
        }
    }

    private boolean expectsFirstRequest() {
        return shop.expectsFirstRequest(opened);
    }

    private void expired() {
        if (client == null) {
            var _ = channel.close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        shop.off(deadline);
        context.fireChannelInactive();
    }

    @Override
    public Activity activity() {
        return client != null
                ? client.activity()
                : expectsFirstRequest() ? Activity.EXCHANGE : Activity.IDLE;
    }

    @Override
    public Doing doing() {
        return client == null ? Doing.of(Doing.State.BEGINNING) : client.doing();
    }

    @Override
    public void endWithNextAnswer() {
        lastAnswer = true;
        if (client != null) {
            client.endWithNextAnswer();
        }
    }

    @Override
    public void drain() {
        drains = true;
        if (client != null) {
            client.drain();
        } else if (expectsFirstRequest()) {
            shop.expire(deadline, Workshop.FIRST_REQUEST_NANOS);
        } else {
            expired();
        }
    }

    @Override
    public void cut(Reason reason) {
        if (client == null) {
            var _ = channel.close();
        } else {
            client.cut(reason);
        }
    }
}
