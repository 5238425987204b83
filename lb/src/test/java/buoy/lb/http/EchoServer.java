package buoy.lb.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/** A WebSocket server that is not ours: it says what it is told. */
final class EchoServer implements AutoCloseable {
    private static final WebSocketServerProtocolConfig CONFIG =
            WebSocketServerProtocolConfig.newBuilder()
                    .websocketPath("/")
                    .decoderConfig(
                            WebSocketDecoderConfig.newBuilder()
                                    .maxFramePayloadLength(1 << 24)
                                    .closeOnProtocolViolation(false)
                                    .build())
                    .build();

    private final EventLoopGroup group =
            new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Channel channel;

    EchoServer() throws InterruptedException {
        channel =
                new ServerBootstrap()
                        .group(group)
                        .channel(NioServerSocketChannel.class)
                        .childHandler(
                                new ChannelInitializer<>() {
                                    @Override
                                    protected void initChannel(Channel added) {
                                        added.pipeline()
                                                .addLast(
                                                        new HttpServerCodec(),
                                                        new HttpObjectAggregator(1024),
                                                        new WebSocketServerProtocolHandler(CONFIG),
                                                        new Echo());
                                    }
                                })
                        .bind(InetAddress.getLoopbackAddress(), 0)
                        .sync()
                        .channel();
    }

    private static final class Echo extends SimpleChannelInboundHandler<WebSocketFrame> {
        @Override
        protected void channelRead0(ChannelHandlerContext from, WebSocketFrame frame) {
            var _ = from.writeAndFlush(frame.retain());
        }

        /** Says why it ends, where the decoder would end without a word. */
        @Override
        public void exceptionCaught(ChannelHandlerContext from, Throwable cause) {
            if (cause instanceof CorruptedWebSocketFrameException wrong) {
                var _ =
                        from.writeAndFlush(new CloseWebSocketFrame(wrong.closeStatus()))
                                .addListener(ChannelFutureListener.CLOSE);
            } else {
                var _ = from.close();
            }
        }
    }

    int port() {
        return ((InetSocketAddress) channel.localAddress()).getPort();
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
