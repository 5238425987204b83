package buoy.bench.micro;

import buoy.config.model.AccessLog;
import buoy.lb.http.access.Entry;
import buoy.lb.http.access.EntryFormat;
import buoy.lb.http.head.ClientFacts;
import buoy.lb.http.head.Output;
import buoy.lb.http.head.RequestHead;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The line of an exchange: what is known of it is gathered, then written. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class AccessLogBenchmark {
    private static final long MS = 1_000_000;

    /** 2026-11-26T09:30:00.123Z. */
    private static final long BEGAN = 1_795_685_400_123L;

    /** Of the formats that have a name. */
    public enum Kind {
        JSON,
        COMBINED,
        HAPROXY
    }

    @Param public Kind kind = Kind.JSON;

    private final RequestHead head =
            Requests.parsed(Requests.browser("app.example.com", "/orders/2026/11?page=3"));
    private final ClientFacts client =
            new ClientFacts(
                    InetAddress.getLoopbackAddress(),
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 80),
                    false,
                    List.of(),
                    false);
    private final Entry entry = new Entry("web", 40001);
    private final Output output = new Output();
    private EntryFormat format = format(kind);
    private long now;

    private static EntryFormat format(Kind kind) {
        return EntryFormat.of(
                switch (kind) {
                    case JSON -> new AccessLog.Format.Json();
                    case COMBINED -> new AccessLog.Format.Combined();
                    case HAPROXY -> new AccessLog.Format.Haproxy();
                },
                ZoneOffset.UTC);
    }

    @Setup
    public void make() {
        format = format(kind);
        if (line() < 100) {
            throw new IllegalStateException("the line is too short");
        }
    }

    @Benchmark
    public int line() {
        // Ten thousand a second: most lines have the same second as the one before.
        now++;
        entry.begin(0, BEGAN + now / 10, client, "TLSv1.3");
        entry.request(head, client, "0123456789abcdef", MS);
        entry.pool("app");
        entry.connected("app1", 3 * MS, 8 * MS);
        entry.sent(9 * MS);
        entry.firstByte(20 * MS);
        entry.answer(200, 50);
        entry.toClient(1050);
        entry.end(30 * MS);
        output.clear();
        format.put(entry, output);
        return output.length();
    }
}
