package buoy.lb.http;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.Network;
import buoy.config.model.Pool.Balance;
import buoy.config.model.Pool.SendProxy;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Requests that belong together meet the same server. */
class BindingTest {
    private Optional<SendProxy> sendProxy = Optional.empty();

    /** Sends 200 requests, of 20 kinds; tells which server each kind met. */
    private Map<Integer, Set<String>> met(Balance balance, String request) throws Exception {
        try (Origin a = Origin.answering("a");
                Origin b = Origin.answering("b");
                Origin c = Origin.answering("c")) {
            Proxy.Setup setup = Proxy.to(a.port(), b.port(), c.port());
            setup.balance = balance;
            setup.sendProxy = sendProxy;
            setup.trusted = List.of(new Network(InetAddress.ofLiteral("127.0.0.0"), 8));
            Map<Integer, Set<String>> met = new HashMap<>();
            try (Proxy proxy = setup.start();
                    Caller caller = proxy.call()) {
                for (int i = 0; i < 200; i++) {
                    String answer = caller.send(request.replace("KIND", "" + i % 20)).response();
                    met.computeIfAbsent(i % 20, _ -> new HashSet<>())
                            .add(answer.substring(answer.length() - 1));
                }
            }
            return met;
        }
    }

    @Test
    void alsoWhereTheServerIsToldWhoseTheConnectionIs() throws Exception {
        sendProxy = Optional.of(SendProxy.V1);
        assertBound(met(new Balance.UriHash(), "GET /a?page=KIND HTTP/1.1\nHost: a\n\n"));
    }

    private static void assertBound(Map<Integer, Set<String>> met) {
        assertThat(met.values()).allSatisfy(servers -> assertThat(servers).hasSize(1));
        assertThat(met.values().stream().distinct()).hasSizeGreaterThan(1);
    }

    @Test
    void byWhatIsAskedFor() throws Exception {
        assertBound(met(new Balance.UriHash(), "GET /a?page=KIND HTTP/1.1\nHost: a\n\n"));
    }

    @Test
    void byAField() throws Exception {
        assertBound(
                met(
                        new Balance.HeaderHash("X-User"),
                        "GET / HTTP/1.1\nHost: a\nx-uSER:  u-KIND \n\n"));
        assertThat(
                        met(
                                        new Balance.HeaderHash("X-User"),
                                        "GET / HTTP/1.1\nHost: a\nX-Users: u-KIND\n\n")
                                .values())
                .anySatisfy(servers -> assertThat(servers).hasSizeGreaterThan(1));
    }

    @Test
    void byTheAddressThatATrustedProxyTells() throws Exception {
        assertBound(
                met(
                        new Balance.SourceHash(),
                        """
                        GET / HTTP/1.1
                        Host: a
                        X-Forwarded-For: 203.0.113.99
                        X-Forwarded-For: 203.0.113.1, 203.0.113.KIND

                        """));
    }

    @Test
    void byTheAddressOfThePeer() throws Exception {
        assertThat(
                        met(new Balance.SourceHash(), "GET /KIND HTTP/1.1\nHost: a\n\n")
                                .values()
                                .stream()
                                .distinct())
                .hasSize(1);
    }
}
