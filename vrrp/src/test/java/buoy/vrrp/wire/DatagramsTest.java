package buoy.vrrp.wire;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.Password;
import buoy.vrrp.core.Advert;
import buoy.vrrp.core.Version;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every block in {@code datagrams/} is a test: how the router is configured, the way the datagram
 * took, its payload in hexadecimal, and what it decodes to.
 */
class DatagramsTest {
    private static final Pattern BLANK_LINE = Pattern.compile("\n\n");

    @TestFactory
    Stream<DynamicTest> datagrams() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        try (Stream<Path> files = Files.list(Path.of("src/test/resources/datagrams"))) {
            for (Path file : files.sorted().toList()) {
                for (String block : List.of(BLANK_LINE.split(Files.readString(file)))) {
                    if (block.contains("\n-> ")) {
                        List<String> lines = block.strip().lines().toList();
                        tests.add(
                                DynamicTest.dynamicTest(
                                        file.getFileName() + ": " + lines.getFirst().substring(2),
                                        () -> check(lines)));
                    }
                }
            }
        }
        assertThat(tests).hasSizeGreaterThan(35);
        return tests.stream();
    }

    private static void check(List<String> lines) {
        List<String> configured = Arrays.asList(lines.get(1).split(" "));
        List<String> way = Arrays.asList(lines.get(2).split(" "));
        byte[] payload = HexFormat.of().parseHex(lines.get(3));
        String expected = lines.get(4).substring(3);

        WireFormat format =
                new WireFormat(
                        after(configured, "version").equals("2") ? Version.V2 : Version.V3,
                        Integer.parseInt(after(configured, "router-id")),
                        configured.contains("least-ttl")
                                ? Integer.parseInt(after(configured, "least-ttl"))
                                : 255,
                        !configured.contains("strict"),
                        configured.contains("password")
                                ? Optional.of(new Password(after(configured, "password")))
                                : Optional.empty());
        InetAddress source = InetAddress.ofLiteral(after(way, "from"));
        InetAddress destination = InetAddress.ofLiteral(after(way, "to"));
        int ttl = Integer.parseInt(after(way, "ttl"));

        assertThat(describe(format.decode(payload, source, destination, ttl)))
                .isEqualTo(expected.replace(", the same when encoded", ""));
        if (expected.endsWith(", the same when encoded")
                && format.decode(payload, source, destination, ttl)
                        instanceof Decoded.Ok(var advert)) {
            assertThat(format.encode(advert, source, destination)).isEqualTo(payload);
        }
    }

    private static String after(List<String> words, String word) {
        return words.get(words.indexOf(word) + 1);
    }

    private static String describe(Decoded decoded) {
        return switch (decoded) {
            case Decoded.Ok(Advert advert) ->
                    "router-id %d priority %s every %ss %s"
                            .formatted(
                                    advert.routerId(),
                                    advert.priority(),
                                    BigDecimal.valueOf(advert.interval().toMillis(), 3)
                                            .stripTrailingZeros()
                                            .toPlainString(),
                                    advert.addresses().stream()
                                            .map(DatagramsTest::shortly)
                                            .collect(Collectors.joining(" ")));
            case Decoded.Garbage garbage -> garbage.kind() + ": " + garbage.detail();
        };
    }

    /** As in RFC 5952, for the few IPv6 addresses of the fixtures. */
    private static String shortly(InetAddress address) {
        return address.getHostAddress().replaceFirst("(:0)+:", "::");
    }
}
