package buoy.tls;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.SslHandler;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;

/**
 * Answers every HTTP request on loopback with one small page, behind the {@link ServerTls} under
 * test.
 */
final class TlsServer implements AutoCloseable {
    private static final byte[] PAGE =
            "HTTP/1.1 200 OK\r\nContent-Length: 6\r\nConnection: close\r\n\r\nhello\n"
                    .getBytes(StandardCharsets.US_ASCII);

    private final EventLoopGroup group =
            new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final BlockingQueue<TlsOutcome> outcomes = new LinkedBlockingQueue<>();
    private final BlockingQueue<Throwable> leaked = new LinkedBlockingQueue<>();
    private final Queue<SSLEngine> engines = new ConcurrentLinkedQueue<>();
    final int port;

    TlsServer(ServerTls tls) {
        this(tls, new Challenges());
    }

    TlsServer(ServerTls tls, Challenges challenges) {
        port =
                ((InetSocketAddress)
                                new ServerBootstrap()
                                        .group(group)
                                        .channel(NioServerSocketChannel.class)
                                        .childHandler(
                                                new ChannelInitializer<SocketChannel>() {
                                                    @Override
                                                    protected void initChannel(
                                                            SocketChannel channel) {
                                                        tls.install(channel.pipeline(), challenges);
                                                        SslHandler handler =
                                                                channel.pipeline()
                                                                        .get(SslHandler.class);
                                                        if (handler != null) {
                                                            engines.add(handler.engine());
                                                        }
                                                        channel.pipeline().addLast(new Page());
                                                    }
                                                })
                                        .bind("127.0.0.1", 0)
                                        .syncUninterruptibly()
                                        .channel()
                                        .localAddress())
                        .getPort();
    }

    private final class Page extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ((ByteBuf) message).release();
            var _ =
                    ctx.writeAndFlush(ctx.alloc().buffer().writeBytes(PAGE))
                            .addListener(ChannelFutureListener.CLOSE);
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof TlsOutcome outcome) {
                outcomes.add(outcome);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            leaked.add(cause);
            var _ = ctx.close();
        }
    }

    /** How the next handshake went; each connection has exactly one. */
    TlsOutcome outcome() throws InterruptedException {
        TlsOutcome outcome = outcomes.poll(20, TimeUnit.SECONDS);
        if (outcome == null) {
            throw new AssertionError("no handshake was reported");
        }
        return outcome;
    }

    /** Those of connections whose certificate needed no choice. */
    Queue<SSLEngine> engines() {
        return engines;
    }

    boolean nothingMore() {
        return outcomes.isEmpty() && leaked.isEmpty();
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
