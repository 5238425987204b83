package buoy.lb.health;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.Health.Role;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class PatroniBodyTest {
    /** Patroni 3.0.2 on the leader. */
    private static final String LEADER =
            """
            {"state": "running", "postmaster_start_time": "2026-11-25 10:00:00.000000+00:00",
             "role": "master", "server_version": 150018, "xlog": {"location": 67108960},
             "timeline": 3, "replication": [{"usename": "replicator", "application_name": "pg2",
             "client_addr": "198.51.100.22", "state": "streaming", "sync_state": "sync"}],
             "dcs_last_seen": 1795600000, "database_system_identifier": "7445566778899001122",
             "patroni": {"version": "3.0.2", "scope": "lab"}}
            """;

    private static final String STANDBY =
            """
            {"state": "running", "role": "replica", "server_version": 150018,
             "xlog": {"received_location": 67108960, "replayed_location": 67100000,
             "replayed_timestamp": null, "paused": false}, "sync_standby": true,
             "timeline": 3, "database_system_identifier": "7445566778899001122",
             "patroni": {"version": "3.0.2", "scope": "lab"}}
            """;

    @Test
    void aLeaderIsUnderstood() {
        assertThat(PatroniBody.read(LEADER))
                .isEqualTo(
                        new PatroniBody(
                                "running",
                                Optional.of(
                                        new Report(
                                                Role.PRIMARY,
                                                "7445566778899001122",
                                                3,
                                                67108960,
                                                0))));
    }

    @Test
    void aSynchronousStandbyIsUnderstood() {
        assertThat(PatroniBody.read(STANDBY).report())
                .contains(new Report(Role.SYNC, "7445566778899001122", 3, 67108960, 67100000));
        assertThat(PatroniBody.read(STANDBY).report().orElseThrow().lag(0)).hasValue(8960);
    }

    @Test
    void newerWordsForRolesAreUnderstood() {
        assertThat(PatroniBody.read("{\"role\": \"primary\"}").report().map(Report::role))
                .contains(Role.PRIMARY);
        assertThat(PatroniBody.read("{\"role\": \"standby_leader\"}").report().map(Report::role))
                .contains(Role.STANDBY_LEADER);
        assertThat(PatroniBody.read("{\"role\": \"witness\"}").report()).isEmpty();
    }

    @Test
    void aNodeThatStartsHasLittleToSay() {
        assertThat(PatroniBody.read("{\"state\": \"starting\", \"role\": \"replica\"}"))
                .isEqualTo(
                        new PatroniBody(
                                "starting", Optional.of(new Report(Role.REPLICA, "", 0, 0, 0))));
    }

    @Test
    void whatIsNoObjectSaysNothing() {
        for (String body : new String[] {"", "{", "[]", "null", "{}", "\u00ff", "{\"role\": 1"}) {
            assertThat(PatroniBody.read(body)).isEqualTo(new PatroniBody("", Optional.empty()));
        }
    }

    @Property
    void anyTextIsRead(@ForAll String body) {
        assertThat(PatroniBody.read(body).state()).isNotNull();
        assertThat(PatroniBody.read("{\"a\": " + body).report()).isEmpty();
    }
}
