package buoy.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.Endpoint;
import buoy.config.model.ServerAddress;
import buoy.lb.ServerPlace;
import buoy.lb.pool.Whereabouts;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServersMeantTest {
    private static final List<ServerPlace> ALL =
            List.of(
                    fixed("app", "app1", "198.51.100.11", 5000),
                    fixed("app", "app2", "198.51.100.12", 5000),
                    fixed("admin", "app1", "198.51.100.11", 5001),
                    fixed("six", "[2001:db8::1]:80", "2001:db8::1", 80),
                    named("names", "n1", "app1.example.org", 5000, Optional.of("198.51.100.11")),
                    named("names", "n2", "app2.example.org.", 5000, Optional.empty()));

    private static ServerPlace fixed(String pool, String name, String address, int port) {
        Endpoint at = new Endpoint(InetAddress.ofLiteral(address), port);
        return new ServerPlace(
                pool,
                name,
                new ServerAddress.Fixed(at),
                new Whereabouts(Optional.of(at), Optional.empty()));
    }

    private static ServerPlace named(
            String pool, String name, String host, int port, Optional<String> address) {
        return new ServerPlace(
                pool,
                name,
                new ServerAddress.Named(host, port),
                new Whereabouts(
                        address.map(each -> new Endpoint(InetAddress.ofLiteral(each), port)),
                        Optional.empty()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            textBlock =
                    """
                    app/app1              | app/app1
                    app/app3              | -
                    */app1                | app/app1 admin/app1
                    */app3                | -
                    */*                   | -
                    app/*                 | -
                    app1                  | -
                    198.51.100.11         | app/app1 admin/app1 names/n1
                    198.51.100.11:5000    | app/app1 names/n1
                    198.51.100.11:5001    | admin/app1
                    198.51.100.11:80      | -
                    198.51.100.11:99999   | -
                    198.51.100.1          | -
                    2001:db8::1           | six/[2001:db8::1]:80
                    [2001:db8:0::1]       | six/[2001:db8::1]:80
                    [2001:db8::1]:80      | six/[2001:db8::1]:80
                    [2001:db8::1]:81      | -
                    */[2001:db8::1]:80    | six/[2001:db8::1]:80
                    six/[2001:db8::1]:80  | six/[2001:db8::1]:80
                    app1.example.org      | names/n1
                    App1.Example.org:5000 | names/n1
                    app2.example.org      | names/n2
                    app2.example.org.:5000| names/n2
                    app2.example.org:1    | -
                    """)
    void areThose(String written, String meant) {
        assertThat(ServersMeant.of(written).among(ALL))
                .extracting(ServerPlace::inFull)
                .containsExactly(meant == null ? new String[0] : meant.split(" ", -1));
    }

    @Test
    void aServerOnAUnixSocketIsAtNoAddress() {
        var local =
                new ServerPlace(
                        "app",
                        "a1",
                        new ServerAddress.Local(new buoy.config.model.UnixPath("/run/a.sock")),
                        new Whereabouts(Optional.empty(), Optional.empty()));
        assertThat(ServersMeant.of("localhost").among(List.of(local))).isEmpty();
        assertThat(ServersMeant.of("*/a1").among(List.of(local))).hasSize(1);
    }
}
