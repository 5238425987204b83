package buoy.lb.listen;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;

/** What was read too early: comes when the next read is asked for, before what that one reads. */
final class Leftover extends ChannelDuplexHandler {
    private final ByteBuf bytes;
    private boolean given;

    /**
     * @param bytes taken over
     */
    Leftover(ByteBuf bytes) {
        this.bytes = bytes;
    }

    @Override
    public void read(ChannelHandlerContext context) {
        if (!given) {
            given = true;
            context.fireChannelRead(bytes);
            context.fireChannelReadComplete();
            context.pipeline().remove(this);
        }
        context.read();
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
