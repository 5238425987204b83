package buoy.lb.postgres;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The first message of a PostgreSQL session, read. In this package, unlike the others, because the
 * parser is nobody else's.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class StartupBenchmark {
    private final ByteBuffer hello = message(3 << 16, parameters());
    private final ByteBuffer wantsTls = message(1234 << 16 | 5679, new byte[0]);

    private static ByteBuffer message(int code, byte[] body) {
        return ByteBuffer.allocate(8 + body.length)
                .putInt(8 + body.length)
                .putInt(code)
                .put(body)
                .flip();
    }

    /** As psql 15 has them. */
    private static byte[] parameters() {
        return "user\0alice\0database\0orders\0application_name\0psql\0client_encoding\0UTF8\0\0"
                .getBytes(StandardCharsets.US_ASCII);
    }

    @Setup
    public void make() {
        if (!(Startup.read(hello) instanceof Startup.Hello)
                || !(Startup.read(wantsTls) instanceof Startup.WantsTls)) {
            throw new IllegalStateException("the messages are not read");
        }
    }

    @Benchmark
    public Object startupMessage() {
        return Startup.read(hello);
    }

    @Benchmark
    public Object sslRequest() {
        return Startup.read(wantsTls);
    }
}
