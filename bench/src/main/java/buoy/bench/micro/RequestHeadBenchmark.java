package buoy.bench.micro;

import buoy.lb.http.head.ClientFacts;
import buoy.lb.http.head.Output;
import buoy.lb.http.head.Parsed;
import buoy.lb.http.head.RequestHead;
import buoy.lb.http.head.RequestRewrite;
import java.net.InetAddress;
import java.net.InetSocketAddress;
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

/** A request's head: copied in and parsed, and written anew for the server. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class RequestHeadBenchmark {
    /** A head of 40 bytes, or one of 700. */
    public enum Kind {
        SMALL,
        BROWSER
    }

    @Param public Kind kind = Kind.SMALL;

    private final RequestHead head = Requests.head();
    private final Output output = new Output();
    private final ClientFacts client =
            new ClientFacts(
                    InetAddress.getLoopbackAddress(),
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 80),
                    false,
                    List.of(),
                    false);
    private byte[] bytes = new byte[0];

    @Setup
    public void make() {
        bytes =
                Requests.bytes(
                        switch (kind) {
                            case SMALL -> Requests.small("app.example.com", "/");
                            case BROWSER ->
                                    Requests.browser("app.example.com", "/orders/2026/11?page=3");
                        });
        if (Requests.parse(head, bytes) != Parsed.COMPLETE) {
            throw new IllegalStateException(head.refusal().why());
        }
    }

    @Benchmark
    public Parsed parse() {
        return Requests.parse(head, bytes);
    }

    /** As in an exchange: parsed, then written for the server. */
    @Benchmark
    public int parseAndRewrite() {
        Requests.parse(head, bytes);
        output.clear();
        RequestRewrite.write(head, client, output);
        return output.length();
    }
}
