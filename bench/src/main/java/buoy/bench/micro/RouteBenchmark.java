package buoy.bench.micro;

import buoy.config.model.Listener.Conditions;
import buoy.config.model.Listener.Match;
import buoy.config.model.Listener.PathMatch;
import buoy.lb.http.head.ClientFacts;
import buoy.lb.http.head.RequestHead;
import buoy.lb.http.route.RouteTable;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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

/** The route of a request, among few and many: by host and path, the last one taking the rest. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class RouteBenchmark {
    /** How many routes there are. */
    @Param({"3", "1000", "10000"})
    public int routes;

    /** Whether every route but the last asks for a method besides. */
    @Param({"false", "true"})
    public boolean conditional;

    private final ClientFacts client =
            new ClientFacts(
                    InetAddress.getLoopbackAddress(),
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 80),
                    false,
                    List.of(),
                    false);
    private final RouteTable.Scratch scratch = new RouteTable.Scratch();
    private final RequestHead plain =
            Requests.parsed(Requests.small("app1.example.com", "/api/v1/orders/17"));
    private final RequestHead escaped =
            Requests.parsed(Requests.small("app1.example.com", "/api/v1/../v1/caf%C3%A9"));
    private RouteTable table = new RouteTable(List.of());

    @Setup
    public void make() {
        Conditions conditions =
                conditional
                        ? new Conditions(Set.of("GET"), Map.of(), Map.of(), List.of())
                        : Conditions.NONE;
        List<Match> matches = new ArrayList<>();
        for (int i = 1; i < routes; i++) {
            // Ten paths for each host.
            matches.add(
                    new Match(
                            Optional.of("app" + (1 + i / 10) + ".example.com"),
                            Optional.of(new PathMatch.Prefix("/api/v" + i % 10)),
                            conditions));
        }
        matches.add(Match.ANY);
        table = new RouteTable(matches);
        if (table.find(plain, client, scratch) != 0 || table.find(escaped, client, scratch) != 0) {
            throw new IllegalStateException("the first route should take /api/v1 of app1");
        }
    }

    @Benchmark
    public int plainPath() {
        return table.find(plain, client, scratch);
    }

    /** A path that must be brought into normal form first. */
    @Benchmark
    public int escapedPath() {
        return table.find(escaped, client, scratch);
    }
}
