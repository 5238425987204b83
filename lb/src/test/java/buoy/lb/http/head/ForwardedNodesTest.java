package buoy.lb.http.head;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class ForwardedNodesTest {
    private static final List<String> PIECES =
            List.of(
                    "for=",
                    "by=",
                    "proto=https",
                    ";",
                    ",",
                    " ",
                    "\"",
                    "\\",
                    "=",
                    "[",
                    "]",
                    ":",
                    "203.0.113.1",
                    "\"[2001:db8::1]:80\"",
                    "_hidden",
                    "unknown",
                    "x",
                    "\u00ff",
                    "%lo");

    private static List<Optional<InetAddress>> addresses(String value) {
        return ForwardedNodes.of(value).stream().map(ForwardedNodes::address).toList();
    }

    @Provide
    Arbitrary<String> hostile() {
        return Arbitraries.of(PIECES).list().ofMaxSize(40).map(pieces -> String.join("", pieces));
    }

    /** What its writer appended is the last, whatever came before; a broken list is nobody's. */
    @Property
    void theLastElementIsThatOfTheLastProxyOrNobody(@ForAll("hostile") String before)
            throws Exception {
        Optional<InetAddress> ours = Optional.of(InetAddress.ofLiteral("198.51.100.7"));

        assertThat(addresses(before + ", for=198.51.100.7;proto=http").getLast())
                .isIn(ours, Optional.empty());
    }

    /** Each element that is written as the RFC has it is read, in its order. */
    @Property
    void allOfAWellFormedListAreRead(@ForAll("nodes") List<String> nodes) {
        String value =
                String.join(" , ", nodes.stream().map(node -> "proto=http;FOR=" + node).toList());

        assertThat(addresses(value))
                .isEqualTo(nodes.stream().map(ForwardedNodesTest::address).toList());
    }

    @Provide
    Arbitrary<List<String>> nodes() {
        return Arbitraries.of(
                        "198.51.100.7",
                        "\"198.51.100.8:4711\"",
                        "\"[2001:db8::7]\"",
                        "\"[2001:db8::8]:80\"",
                        "unknown",
                        "_secret")
                .list()
                .ofMinSize(1)
                .ofMaxSize(8);
    }

    private static Optional<InetAddress> address(String node) {
        return Stream.of("198.51.100.7", "198.51.100.8", "2001:db8::7", "2001:db8::8")
                .filter(node::contains)
                .findFirst()
                .map(InetAddress::ofLiteral);
    }
}
