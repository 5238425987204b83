package buoy.lb.listen;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;

/**
 * What was read too early: comes when the next read is asked for, and in any case before whatever
 * else comes, the end of input included.
 */
final class Leftover extends ChannelDuplexHandler {
    private final ByteBuf bytes;
    private boolean given;

    /**
     * @param bytes taken over
     */
    Leftover(ByteBuf bytes) {
        this.bytes = bytes;
    }

    private void give(ChannelHandlerContext context) {
        if (!given) {
            given = true;
            context.fireChannelRead(bytes);
            context.fireChannelReadComplete();
            context.pipeline().remove(this);
        }
    }

    @Override
    public void read(ChannelHandlerContext context) {
        give(context);
        context.read();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        give(context);
        context.fireChannelRead(message);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        give(context);
        context.fireUserEventTriggered(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (!given) {
            given = true;
            bytes.release();
        }
        context.fireChannelInactive();
    }
}
