package buoy.bench.micro;

import buoy.vrrp.core.Advert;
import buoy.vrrp.core.Priority;
import buoy.vrrp.core.Version;
import buoy.vrrp.wire.Decoded;
import buoy.vrrp.wire.WireFormat;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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

/** An advertisement of version 3 over IPv4, to bytes and back. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class AdvertisementBenchmark {
    private static final int VRID = 51;

    /** How many addresses it carries. */
    @Param({"1", "20"})
    public int addresses;

    private WireFormat format =
            new WireFormat(Version.V3, VRID, WireFormat.TTL, true, Optional.empty());
    private InetAddress source = InetAddress.getLoopbackAddress();
    private InetAddress group = WireFormat.group(false);
    private Advert advert = advert(List.of(source));
    private byte[] wire = new byte[0];

    private static Advert advert(List<InetAddress> addresses) {
        return new Advert(VRID, new Priority(150), Duration.ofMillis(100), addresses);
    }

    @Setup
    public void make() throws UnknownHostException {
        source = InetAddress.getByAddress(new byte[] {(byte) 198, 51, 100, 1});
        List<InetAddress> list = new ArrayList<>();
        for (int i = 0; i < addresses; i++) {
            list.add(InetAddress.getByAddress(new byte[] {(byte) 198, 51, 100, (byte) (100 + i)}));
        }
        advert = advert(list);
        wire = format.encode(advert, source, group);
        if (!(format.decode(wire, source, group, WireFormat.TTL) instanceof Decoded.Ok)) {
            throw new IllegalStateException("what was encoded is not read back");
        }
    }

    @Benchmark
    public byte[] encode() {
        return format.encode(advert, source, group);
    }

    @Benchmark
    public Decoded decode() {
        return format.decode(wire, source, group, WireFormat.TTL);
    }
}
