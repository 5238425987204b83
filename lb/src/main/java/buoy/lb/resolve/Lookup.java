package buoy.lb.resolve;

import io.netty.buffer.ByteBufUtil;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.dns.DefaultDnsQuestion;
import io.netty.handler.codec.dns.DnsQuestion;
import io.netty.handler.codec.dns.DnsRawRecord;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.resolver.dns.DnsErrorCauseException;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.DnsNameResolverChannelStrategy;
import io.netty.resolver.dns.DnsServerAddresses;
import io.netty.resolver.dns.NoopAuthoritativeDnsServerCache;
import io.netty.resolver.dns.NoopDnsCache;
import io.netty.resolver.dns.NoopDnsCnameCache;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Looks a name up once: in {@code /etc/hosts}, read anew each time, else with name servers, for
 * both families of addresses. Nothing is cached: whoever follows a name knows when to ask. All of
 * it on one event loop.
 */
final class Lookup implements AutoCloseable {
    /** For one name server; then the next is asked. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    /** Aliases followed and servers tried, for each question. */
    private static final int MOST_QUERIES = 12;

    /** How long what a file says is believed. */
    private static final Duration OF_FILES = Duration.ofSeconds(5);

    private static final int DNS_PORT = 53;

    private final Path hosts;
    private final Path resolvConf;
    private final DnsNameResolver resolver;
    private volatile List<InetSocketAddress> configured = List.of();
    private volatile DnsServerAddresses servers = local();

    /** Files of the form of {@code /etc/hosts} and {@code /etc/resolv.conf}. */
    Lookup(EventLoop loop, Path hosts, Path resolvConf) {
        this.hosts = hosts;
        this.resolvConf = resolvConf;
        resolver =
                new DnsNameResolverBuilder(loop)
                        .datagramChannelFactory(NioDatagramChannel::new)
                        // For answers that do not fit into a datagram.
                        .socketChannelFactory(NioSocketChannel::new)
                        // RFC 5452 9.2: a source port of its own is half of what a forger must
                        // guess.
                        .datagramChannelStrategy(
                                DnsNameResolverChannelStrategy.ChannelPerResolution)
                        .nameServerProvider(_ -> servers.stream())
                        .hostsFileEntriesResolver((_, _) -> null)
                        .resolveCache(NoopDnsCache.INSTANCE)
                        .cnameCache(NoopDnsCnameCache.INSTANCE)
                        .authoritativeDnsServerCache(NoopAuthoritativeDnsServerCache.INSTANCE)
                        .searchDomains(List.of())
                        .queryTimeoutMillis(PATIENCE.toMillis())
                        .maxQueriesPerResolve(MOST_QUERIES)
                        .build();
    }

    /** Name servers to ask from now on, best first; none means those of {@code resolv.conf}. */
    void ask(List<InetSocketAddress> now) {
        configured = List.copyOf(now);
    }

    /** Tells the answer exactly once, maybe before this returns. */
    void find(String host, Consumer<Answer> told) {
        List<InetAddress> fromFile = HostsFile.addresses(text(hosts), host);
        if (!fromFile.isEmpty()) {
            told.accept(new Answer.Found(fromFile, OF_FILES, true));
            return;
        }
        ResolvConf conf = ResolvConf.parse(text(resolvConf));
        List<InetSocketAddress> chosen = configured;
        if (chosen.isEmpty()) {
            chosen =
                    conf.servers().stream()
                            .map(server -> new InetSocketAddress(server, DNS_PORT))
                            .toList();
        }
        servers = chosen.isEmpty() ? local() : DnsServerAddresses.sequential(chosen);
        find(conf.questions(host), 0, told);
    }

    /** The first of these names that has an address, or the last one's trouble. */
    private void find(List<String> questions, int at, Consumer<Answer> told) {
        both(
                questions.get(at),
                answer -> {
                    if (answer instanceof Answer.Failed && at + 1 < questions.size()) {
                        find(questions, at + 1, told);
                    } else {
                        told.accept(answer);
                    }
                });
    }

    private void both(String question, Consumer<Answer> told) {
        DnsQuestion asksFour;
        DnsQuestion asksSix;
        try {
            asksFour = new DefaultDnsQuestion(question, DnsRecordType.A);
            asksSix = new DefaultDnsQuestion(question, DnsRecordType.AAAA);
        } catch (IllegalArgumentException e) {
            // Of a search domain: the names of a configuration were read strictly.
            told.accept(new Answer.Failed(question + " is not a name: " + e.getMessage()));
            return;
        }
        Future<List<DnsRecord>> four = resolver.resolveAll(asksFour);
        Future<List<DnsRecord>> six = resolver.resolveAll(asksSix);
        four.addListener(
                _ -> {
                    var _ = six.addListener(_ -> told.accept(joined(four, six)));
                });
    }

    private static Answer joined(Future<List<DnsRecord>> four, Future<List<DnsRecord>> six) {
        List<DnsRecord> records = new ArrayList<>();
        if (four.isSuccess()) {
            records.addAll(four.getNow());
        }
        if (six.isSuccess()) {
            records.addAll(six.getNow());
        }
        try {
            List<InetAddress> addresses = new ArrayList<>();
            long ttl = Long.MAX_VALUE;
            for (DnsRecord record : records) {
                InetAddress address = address(record);
                if (address != null) {
                    addresses.add(address);
                    ttl = Math.min(ttl, record.timeToLive());
                }
            }
            if (addresses.isEmpty()) {
                // A name that is there and has no address of one family tells of that one less
                // than the other does.
                return new Answer.Failed(words(isClear(four) ? six : four));
            }
            return new Answer.Found(
                    addresses, Duration.ofSeconds(ttl), isClear(four) && isClear(six));
        } finally {
            records.forEach(ReferenceCountUtil::release);
        }
    }

    /** Whether a server answered, be it that there is nothing. */
    private static boolean isClear(Future<List<DnsRecord>> asked) {
        return asked.isSuccess()
                || code(asked.cause()).map(DnsResponseCode.NXDOMAIN::equals).orElse(false)
                || isNoSuchRecord(asked.cause());
    }

    private static @Nullable InetAddress address(DnsRecord record) {
        if (record instanceof DnsRawRecord raw) {
            try {
                return InetAddress.getByAddress(ByteBufUtil.getBytes(raw.content()));
            } catch (UnknownHostException _) {
                return null; // of another length than addresses have
            }
        }
        return null;
    }

    // ---- why it failed ----

    private static Optional<DnsResponseCode> code(Throwable failure) {
        for (Throwable at = failure; at != null; at = at.getCause()) {
            if (at instanceof DnsErrorCauseException error) {
                return Optional.of(error.getCode());
            }
        }
        return Optional.empty();
    }

    /** An answer without an error and without a record of the kind that was asked for. */
    private static boolean isNoSuchRecord(Throwable failure) {
        return failure instanceof UnknownHostException
                && !DnsNameResolver.isTimeoutError(failure)
                && !DnsNameResolver.isTransportOrTimeoutError(failure)
                && code(failure).filter(code -> !code.equals(DnsResponseCode.NOERROR)).isEmpty();
    }

    private static String words(Future<List<DnsRecord>> asked) {
        if (asked.isSuccess()) {
            return "it has no address";
        }
        Throwable failure = asked.cause();
        Optional<DnsResponseCode> code = code(failure);
        if (DnsNameResolver.isTimeoutError(failure)) {
            return "no name server answered within " + PATIENCE.toSeconds() + "s";
        }
        if (code.filter(DnsResponseCode.NXDOMAIN::equals).isPresent()) {
            return "there is no such name (NXDOMAIN)";
        }
        if (isNoSuchRecord(failure)) {
            return "it has no address";
        }
        if (code.isPresent()) {
            return "the name server says " + code.get();
        }
        Throwable cause = failure;
        while (cause.getCause() != null && cause.getCause() != cause) {
            cause = cause.getCause();
        }
        String message = cause.getMessage();
        return message == null ? cause.getClass().getSimpleName() : message;
    }

    // ---- files ----

    /** Empty if it cannot be read: a host without the file has nothing in it. */
    private static String text(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException _) {
            return "";
        }
    }

    /** As resolv.conf(5) has it where no server is named. */
    private static DnsServerAddresses local() {
        return DnsServerAddresses.singleton(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), DNS_PORT));
    }

    @Override
    public void close() {
        resolver.close();
    }
}
