package buoy.vrrp.wire;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.Password;
import buoy.vrrp.core.Advert;
import buoy.vrrp.core.Priority;
import buoy.vrrp.core.Version;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class WireFormatPropertiesTest {
    private static final int TTL = 255;

    /** A format, an advertisement it can say, and its way. */
    record Sending(WireFormat format, Advert advert, InetAddress source, InetAddress destination) {}

    @Property(tries = 500)
    void whatIsEncodedDecodesToTheSame(@ForAll("sendings") Sending sending) {
        byte[] payload = encode(sending);
        assertThat(decode(sending, payload)).isEqualTo(new Decoded.Ok(sending.advert()));
    }

    @Property(tries = 500)
    void eitherChecksumIsAcceptedOverIpv4(@ForAll("sendings") Sending sending) {
        WireFormat format = sending.format();
        WireFormat other =
                new WireFormat(
                        format.version(),
                        format.routerId(),
                        TTL,
                        !format.pseudoHeader(),
                        format.password());
        byte[] payload = other.encode(sending.advert(), sending.source(), sending.destination());
        assertThat(decode(sending, payload)).isEqualTo(new Decoded.Ok(sending.advert()));
    }

    @Property(tries = 500)
    void aFlippedBitIsNeverTakenForTheSameMessage(
            @ForAll("sendings") Sending sending, @ForAll @IntRange(max = 100_000) int at) {
        byte[] payload = encode(sending);
        payload[at % payload.length] ^= (byte) (1 << (at % 8));
        assertThat(decode(sending, payload)).isInstanceOf(Decoded.Garbage.class);
    }

    @Property(tries = 500)
    void whatIsCutOffIsGarbage(
            @ForAll("sendings") Sending sending, @ForAll @IntRange(max = 100_000) int at) {
        byte[] payload = encode(sending);
        byte[] cut = java.util.Arrays.copyOf(payload, at % payload.length);
        assertThat(decode(sending, cut)).isInstanceOf(Decoded.Garbage.class);
    }

    @Property(tries = 2000)
    void anyBytesAtAllDecodeToSomething(
            @ForAll("sendings") Sending sending,
            @ForAll @Size(max = 80) byte[] payload,
            @ForAll @IntRange(max = 255) int ttl) {
        assertSaidForPeople(
                sending.format().decode(payload, sending.source(), sending.destination(), ttl));
    }

    @Property(tries = 2000)
    void bytesThatLookRightDecodeToSomething(
            @ForAll("sendings") Sending sending, @ForAll @Size(max = 80) byte[] payload) {
        if (payload.length > 1) {
            payload[0] = (byte) (sending.format().version().number() << 4 | 1);
            payload[1] = (byte) sending.format().routerId();
        }
        assertSaidForPeople(decode(sending, payload));
    }

    private static void assertSaidForPeople(Decoded decoded) {
        if (decoded instanceof Decoded.Garbage garbage) {
            assertThat(garbage.kind()).matches("[a-z-]+");
            assertThat(garbage.detail()).isNotBlank();
        } else {
            assertThat(decoded).isInstanceOf(Decoded.Ok.class);
        }
    }

    private static byte[] encode(Sending sending) {
        return sending.format().encode(sending.advert(), sending.source(), sending.destination());
    }

    private static Decoded decode(Sending sending, byte[] payload) {
        return sending.format().decode(payload, sending.source(), sending.destination(), TTL);
    }

    @Provide
    Arbitrary<Sending> sendings() {
        return Arbitraries.oneOf(
                sendings(Version.V3, 4, Arbitraries.longs().between(1, 4095).map(cs -> cs * 10)),
                sendings(Version.V3, 16, Arbitraries.longs().between(1, 4095).map(cs -> cs * 10)),
                sendings(Version.V2, 4, Arbitraries.longs().between(1, 255).map(s -> s * 1000)));
    }

    private static Arbitrary<Sending> sendings(Version version, int size, Arbitrary<Long> millis) {
        Arbitrary<List<InetAddress>> lists = addresses(size).list().ofMinSize(1).ofMaxSize(20);
        Arbitrary<Integer> routerIds = Arbitraries.integers().between(1, 255);
        Arbitrary<Integer> priorities = Arbitraries.integers().between(0, 255);
        return Combinators.combine(
                        routerIds,
                        priorities,
                        millis,
                        lists,
                        addresses(size),
                        addresses(size),
                        Arbitraries.of(true, false),
                        PASSWORDS)
                .as(
                        (routerId,
                                priority,
                                interval,
                                list,
                                source,
                                destination,
                                pseudo,
                                password) ->
                                new Sending(
                                        new WireFormat(version, routerId, TTL, pseudo, password),
                                        new Advert(
                                                routerId,
                                                new Priority(priority),
                                                Duration.ofMillis(interval),
                                                list),
                                        source,
                                        destination));
    }

    /** Version 3 has none, whatever is configured. */
    private static final Arbitrary<Optional<Password>> PASSWORDS =
            Arbitraries.strings()
                    .withCharRange(' ', '~')
                    .ofMinLength(1)
                    .ofMaxLength(8)
                    .map(Password::new)
                    .optional();

    private static Arbitrary<InetAddress> addresses(int size) {
        return Arbitraries.bytes().array(byte[].class).ofSize(size).map(Addresses::of);
    }
}
