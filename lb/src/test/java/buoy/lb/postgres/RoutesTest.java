package buoy.lb.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.Listener.PostgresMatch;
import buoy.config.model.Listener.PostgresRoute;
import buoy.config.model.Network;
import buoy.lb.kit.Configs;
import buoy.lb.pool.Pool;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RoutesTest {
    private static final Network INSIDE = new Network(InetAddress.ofLiteral("203.0.113.0"), 24);

    private static Routes.To to(Optional<String> database, List<Network> client, String pool) {
        return new Routes.To(
                new PostgresRoute(
                        new PostgresMatch(database, Optional.empty(), Map.of(), client), pool),
                new Pool(Configs.pool(pool, Configs.loopback(5432)), 1));
    }

    private static Optional<String> open(Routes routes, String client) {
        return routes.of(InetAddress.ofLiteral(client)).open().map(Pool::name);
    }

    @Test
    void aRouteIsForItsClientsAlone() {
        Routes routes =
                new Routes(
                        List.of(
                                to(Optional.empty(), List.of(INSIDE), "inside"),
                                to(Optional.of("reports"), List.of(), "reports"),
                                to(Optional.empty(), List.of(), "rest")));

        assertThat(open(routes, "203.0.113.7")).contains("inside");
        // Who asks for what has to be read first.
        assertThat(open(routes, "198.51.100.7")).isEmpty();
        assertThat(routes.of(InetAddress.ofLiteral("198.51.100.7")).all())
                .extracting(each -> each.pool().name())
                .containsExactly("reports", "rest");
    }

    @Test
    void aClientForWhomThereIsNoneHasNone() {
        Routes routes = new Routes(List.of(to(Optional.empty(), List.of(INSIDE), "inside")));

        assertThat(open(routes, "198.51.100.7")).isEmpty();
        assertThat(routes.of(InetAddress.ofLiteral("198.51.100.7")).pools()).isEmpty();
    }
}
