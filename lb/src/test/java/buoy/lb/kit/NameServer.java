package buoy.lb.kit;

import buoy.config.model.Endpoint;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.handler.codec.dns.DatagramDnsQuery;
import io.netty.handler.codec.dns.DatagramDnsQueryDecoder;
import io.netty.handler.codec.dns.DatagramDnsResponse;
import io.netty.handler.codec.dns.DatagramDnsResponseEncoder;
import io.netty.handler.codec.dns.DefaultDnsQuestion;
import io.netty.handler.codec.dns.DefaultDnsRawRecord;
import io.netty.handler.codec.dns.DnsQuestion;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.handler.codec.dns.DnsSection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A name server on loopback that says what it is told to say. */
public final class NameServer implements AutoCloseable {
    private final EventLoopGroup group =
            new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Map<String, Says> names = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> asked = new ConcurrentHashMap<>();
    private final Endpoint at;
    private volatile boolean silent;

    private record Says(int ttl, List<InetAddress> addresses, DnsResponseCode code) {}

    private NameServer() {
        Channel channel =
                new Bootstrap()
                        .group(group)
                        .channelFactory(NioDatagramChannel::new)
                        .handler(
                                new ChannelInitializer<DatagramChannel>() {
                                    @Override
                                    protected void initChannel(DatagramChannel each) {
                                        each.pipeline()
                                                .addLast(
                                                        new DatagramDnsQueryDecoder(),
                                                        new DatagramDnsResponseEncoder(),
                                                        new Answering());
                                    }
                                })
                        .bind(InetAddress.getLoopbackAddress(), 0)
                        .syncUninterruptibly()
                        .channel();
        at = Configs.loopback(((InetSocketAddress) channel.localAddress()).getPort());
    }

    public static NameServer start() {
        return new NameServer();
    }

    public Endpoint endpoint() {
        return at;
    }

    /** The name has these addresses of both families, for so many seconds. */
    public void says(String name, int ttl, String... addresses) {
        names.put(
                name,
                new Says(
                        ttl,
                        List.of(addresses).stream().map(InetAddress::ofLiteral).toList(),
                        DnsResponseCode.NOERROR));
    }

    /** The name is answered with an error. */
    public void fails(String name, DnsResponseCode code) {
        names.put(name, new Says(0, List.of(), code));
    }

    /** Answers nobody, or everybody again. */
    public void silent(boolean now) {
        silent = now;
    }

    /** How often it was asked for the IPv4 addresses of a name. */
    public int asked(String name) {
        return asked.computeIfAbsent(name, _ -> new AtomicInteger()).get();
    }

    private final class Answering extends SimpleChannelInboundHandler<DatagramDnsQuery> {
        @Override
        protected void channelRead0(ChannelHandlerContext context, DatagramDnsQuery query) {
            DnsQuestion question = query.recordAt(DnsSection.QUESTION);
            String name = question.name().substring(0, question.name().length() - 1);
            boolean four = question.type().equals(DnsRecordType.A);
            if (four) {
                asked.computeIfAbsent(name, _ -> new AtomicInteger()).incrementAndGet();
            }
            if (silent) {
                return;
            }
            Says says = names.getOrDefault(name, new Says(0, List.of(), DnsResponseCode.NXDOMAIN));
            DatagramDnsResponse answer =
                    new DatagramDnsResponse(query.recipient(), query.sender(), query.id());
            answer.setCode(says.code);
            answer.setRecursionAvailable(true);
            answer.addRecord(
                    DnsSection.QUESTION, new DefaultDnsQuestion(question.name(), question.type()));
            for (InetAddress address : says.addresses) {
                byte[] bytes = address.getAddress();
                if (four == (bytes.length == 4)) {
                    answer.addRecord(
                            DnsSection.ANSWER,
                            new DefaultDnsRawRecord(
                                    question.name(),
                                    question.type(),
                                    says.ttl,
                                    Unpooled.wrappedBuffer(bytes)));
                }
            }
            var _ = context.writeAndFlush(answer);
        }
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
