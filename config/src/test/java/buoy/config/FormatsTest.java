package buoy.config;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.AddressText;
import buoy.config.model.Endpoint;
import buoy.config.model.Network;
import buoy.config.model.Prefix;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

/**
 * Values as they are written: what is printed is read back, and no text is too odd to be judged.
 */
class FormatsTest {
    private static final List<Format<?>> ALL =
            List.of(
                    format(Durations.ANY),
                    format(Durations.POSITIVE),
                    format(Sizes::parse),
                    Numbers.between(-10, 10),
                    format(Numbers.PERCENT),
                    format(Numbers.BOOL),
                    format(Addresses::address),
                    format(Addresses::endpoint),
                    format(Addresses::prefix),
                    format(Addresses::network),
                    format(Names::name),
                    format(Names::serverName),
                    format(Names::path),
                    format(HealthReader::range),
                    format(PoolReader::method),
                    format(MatchReader::host),
                    format(MatchReader::path),
                    format(MatchReader::prefix),
                    Words.of("one", 1).or("two", 2).notAvailable("three"),
                    Words.nameOf("pool", List.of("app", "orders")));

    private static <T> Format<T> format(Format<T> format) {
        return format;
    }

    private static <T> T ok(Parsed<T> parsed) {
        return switch (parsed) {
            case Parsed.Ok<T>(T value) -> value;
            case Parsed.Wrong<T>(String why) -> throw new AssertionError(why);
        };
    }

    @Property
    void everyTextIsReadOrRefusedInOneLine(@ForAll("texts") String text) {
        for (Format<?> format : ALL) {
            if (format.parse(text) instanceof Parsed.Wrong<?>(String why)) {
                assertThat(why).isNotBlank().hasSizeLessThan(500).doesNotContain("\n", "\r");
                assertThat(why.chars()).noneMatch(Character::isISOControl);
            }
        }
    }

    @Property
    void durationsAreReadAsTheyArePrinted(@ForAll @LongRange(max = 365L * 86_400_000) long millis) {
        Duration duration = Duration.ofMillis(millis);

        assertThat(ok(Durations.ANY.parse(Durations.text(duration)))).isEqualTo(duration);
    }

    @Property
    void sizesAreReadAsTheyArePrinted(@ForAll @LongRange(max = 1L << 32) long bytes) {
        assertThat(ok(Sizes.parse(Sizes.text(bytes)))).isEqualTo(bytes);
    }

    @Property
    void addressesAreReadAsTheyArePrinted(@ForAll("addresses") InetAddress address) {
        assertThat(ok(Addresses.address(AddressText.of(address)))).isEqualTo(address);
    }

    @Property
    void endpointsAreReadAsTheyArePrinted(
            @ForAll("addresses") InetAddress address,
            @ForAll @IntRange(min = 1, max = 65535) int port) {
        Endpoint endpoint = new Endpoint(address, port);

        assertThat(ok(Addresses.endpoint(endpoint.toString()))).isEqualTo(endpoint);
    }

    @Property
    void prefixesAreReadAsTheyArePrinted(
            @ForAll("addresses") InetAddress address, @ForAll @IntRange(max = 128) int length) {
        Prefix prefix = new Prefix(address, length % (address.getAddress().length * 8 + 1));

        assertThat(ok(Addresses.prefix(prefix.toString()))).isEqualTo(prefix);
    }

    @Property
    void aNetworkContainsItsFirstAddressAndNoneOutside(
            @ForAll("addresses") InetAddress address,
            @ForAll @IntRange(min = 1, max = 128) int bits)
            throws UnknownHostException {
        byte[] first = address.getAddress();
        int length = Math.min(bits, first.length * 8);
        for (int bit = length; bit < first.length * 8; bit++) {
            first[bit / 8] &= (byte) ~(0x80 >> (bit % 8));
        }
        byte[] outside = first.clone();
        outside[(length - 1) / 8] ^= (byte) (0x80 >> ((length - 1) % 8));
        String text = AddressText.of(InetAddress.getByAddress(first)) + "/" + length;

        Network network = ok(Addresses.network(text));

        assertThat(network.contains(address)).isTrue();
        assertThat(network.contains(InetAddress.getByAddress(first))).isTrue();
        assertThat(network.contains(InetAddress.getByAddress(outside))).isFalse();
    }

    @Property
    void numbersAreTakenWithinTheirBoundsAlone(
            @ForAll @IntRange(min = -999, max = 999) int number) {
        Parsed<Integer> parsed = Numbers.between(-10, 255).parse(String.valueOf(number));

        if (number >= -10 && number <= 255) {
            assertThat(parsed).isEqualTo(Parsed.ok(number));
        } else {
            assertThat(parsed).isEqualTo(Parsed.wrong("must be -10..255, got " + number));
        }
    }

    @Property
    void aMistypedNameIsRecognised(
            @ForAll @IntRange(max = 9) int at, @ForAll("letters") char letter) {
        StringBuilder mistyped = new StringBuilder("pg-primary");
        mistyped.setCharAt(at, letter);

        assertThat(Text.nearest(mistyped.toString(), List.of("app", "pg-replicas", "pg-primary")))
                .contains("pg-primary");
    }

    @Property
    void editsAreCountedTheSameBothWays(@ForAll("words") String one, @ForAll("words") String two) {
        int distance = Text.distance(one, two);

        assertThat(distance).isEqualTo(Text.distance(two, one));
        assertThat(distance == 0).isEqualTo(one.equals(two));
        assertThat(distance).isLessThanOrEqualTo(Math.max(one.length(), two.length()));
    }

    @Property
    void aPatternFitsWhatItWasMadeFrom(
            @ForAll("words") String name, @ForAll @IntRange(max = 7) int from) {
        int start = Math.min(from, name.length());

        assertThat(Text.matchesGlob(name, name)).isTrue();
        assertThat(Text.matchesGlob(name.substring(0, start) + "*", name)).isTrue();
        assertThat(Text.matchesGlob("*" + name.substring(start), name)).isTrue();
        assertThat(Text.matchesGlob("?".repeat(name.length()), name)).isTrue();
        assertThat(Text.matchesGlob("?".repeat(name.length() + 1) + "*", name)).isFalse();
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.oneOf(
                Arbitraries.strings().ofMaxLength(100),
                Arbitraries.strings()
                        .withChars("0123456789abcdef.:[]/%-*smhdKMiB ")
                        .ofMaxLength(40));
    }

    @Provide
    Arbitrary<String> words() {
        return Arbitraries.strings().withChars("ab-").ofMaxLength(8);
    }

    @Provide
    Arbitrary<Character> letters() {
        return Arbitraries.chars().range('a', 'z');
    }

    /** Both families, with runs of zeros as IPv6 addresses have them. */
    @Provide
    Arbitrary<InetAddress> addresses() {
        Arbitrary<Byte> octet = Arbitraries.oneOf(Arbitraries.just((byte) 0), Arbitraries.bytes());
        return Arbitraries.of(4, 16)
                .flatMap(size -> octet.array(byte[].class).ofSize(size))
                .map(
                        bytes -> {
                            try {
                                return InetAddress.getByAddress(bytes);
                            } catch (UnknownHostException e) {
                                throw new AssertionError(e);
                            }
                        })
                // The JDK turns IPv4-mapped bytes into IPv4, which is right, and tested by value.
                .filter(a -> a.getAddress().length == 4 || AddressText.of(a).contains(":"));
    }
}
