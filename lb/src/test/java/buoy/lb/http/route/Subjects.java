package buoy.lb.http.route;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.Network;
import buoy.lb.http.head.ClientFacts;
import buoy.lb.http.head.Parsed;
import buoy.lb.http.head.RequestHead;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Requests and clients that routes are tried with. */
final class Subjects {
    /** 198.51.100.7, not a trusted proxy. */
    static final ClientFacts CLIENT = client("198.51.100.7");

    private Subjects() {}

    static ClientFacts client(String address, Network... trusted) {
        return new ClientFacts(
                InetAddress.ofLiteral(address),
                new InetSocketAddress(InetAddress.ofLiteral("198.51.100.100"), 80),
                false,
                List.of(trusted),
                false);
    }

    /** A network as it is written. */
    static Network network(String written) {
        String[] parts = written.split("/", 2);
        return new Network(InetAddress.ofLiteral(parts[0]), Integer.parseInt(parts[1]));
    }

    /** A whole head; lines end in LF here. */
    static RequestHead head(String text) {
        RequestHead head = new RequestHead(4096, 20);
        byte[] bytes = text.replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1);
        head.add(bytes, 0, bytes.length);
        assertThat(head.parse()).as(text).isEqualTo(Parsed.COMPLETE);
        return head;
    }
}
