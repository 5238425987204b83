package buoy.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.VirtualRouter;
import buoy.daemon.acme.plan.Place;
import buoy.vrrp.RouterState;
import buoy.vrrp.VrrpEvent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IncumbencyTest {
    private final Incumbency incumbency = new Incumbency();

    private static Map<String, VirtualRouter> routers(Path directory) throws Exception {
        Path file =
                Files.writeString(
                        directory.resolve("buoy.yaml"),
                        """
                        vrrp:
                          web: {interface: eth0, router-id: 51, addresses: [198.51.100.100/24]}
                          more: {interface: eth0, router-id: 52, addresses: [198.51.100.101/24]}
                        """);
        return ((LoadedConfig.Outcome.Good) LoadedConfig.read(file, Instant.now()))
                .loaded()
                .config()
                .routers();
    }

    private void becomes(String router, RouterState state) {
        incumbency.on(
                new VrrpEvent.Transition(router, RouterState.INITIALIZE, state, "a test", 100));
    }

    @Test
    void withoutRoutersItIsThisHost() {
        assertThat(incumbency.of(Map.of())).isEqualTo(new Place.Here());
    }

    @Test
    void elseTheHostOnWhichTheFirstRouterIsActive(@TempDir Path directory) throws Exception {
        Map<String, VirtualRouter> routers = routers(directory);
        assertThat(incumbency.of(routers)).isEqualTo(new Place.Elsewhere("web is initialize here"));
        becomes("more", RouterState.ACTIVE);
        becomes("web", RouterState.BACKUP);
        assertThat(incumbency.of(routers)).isEqualTo(new Place.Elsewhere("web is backup here"));
        becomes("web", RouterState.ACTIVE);
        assertThat(incumbency.of(routers)).isEqualTo(new Place.Here());
        becomes("web", RouterState.FAULT);
        assertThat(incumbency.of(routers)).isEqualTo(new Place.Elsewhere("web is fault here"));
    }
}
