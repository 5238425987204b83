package buoy.tls;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.Secret;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TicketScheduleTest {
    private static final byte[] SCOPE = TicketSchedule.scope("listeners.web.tls", Optional.empty());

    @Provide
    static Arbitrary<Instant> times() {
        return Arbitraries.longs().between(0, 4_102_444_800_000L).map(Instant::ofEpochMilli);
    }

    @Provide
    static Arbitrary<Duration> rotations() {
        return Arbitraries.longs().between(10_000, 604_800_000).map(Duration::ofMillis);
    }

    private static List<TicketKey> keys(TicketSchedule schedule, TicketSecret secret, Instant at) {
        return schedule.keys(List.of(secret), SCOPE, schedule.period(at));
    }

    /** That is not all: a session of the future is not resumed, however it was opened. */
    @Property(tries = 300)
    void hostsWhoseClocksAreLessThanAPeriodApartHaveEachOthersKeys(
            @ForAll("times") Instant time,
            @ForAll("rotations") Duration rotate,
            @ForAll @LongRange(min = 0, max = 999) long thousandths,
            @ForAll @Size(48) byte[] secret) {
        TicketSchedule schedule = new TicketSchedule(rotate);
        Instant other = time.plusMillis(rotate.toMillis() * thousandths / 1000);
        List<TicketKey> here = keys(schedule, TicketSecret.ofFile(secret), time);
        List<TicketKey> there = keys(schedule, TicketSecret.ofFile(secret), other);

        assertThat(there).contains(here.getFirst());
        assertThat(here).contains(there.getFirst());
    }

    @Property(tries = 300)
    void aTicketIsOpenedForAPeriodAfterItsOwnAndNoLonger(
            @ForAll("times") Instant time, @ForAll("rotations") Duration rotate) {
        TicketSchedule schedule = new TicketSchedule(rotate);
        TicketSecret secret = TicketSecret.ofFile(new byte[48]);
        TicketKey sealing = keys(schedule, secret, time).getFirst();

        assertThat(keys(schedule, secret, time.plus(rotate))).contains(sealing);
        assertThat(keys(schedule, secret, time.plus(rotate)).getFirst()).isNotEqualTo(sealing);
        assertThat(keys(schedule, secret, time.plus(rotate.multipliedBy(2))))
                .doesNotContain(sealing);
    }

    /** Of several secrets the first seals, and all open. */
    @Property(tries = 50)
    void aNewSecretIsOpenedByThoseWhoHaveItLast(@ForAll("times") Instant time) {
        TicketSchedule schedule = new TicketSchedule(Duration.ofHours(12));
        TicketSecret old = TicketSecret.ofFile(new byte[48]);
        TicketSecret fresh = TicketSecret.ofFile(new byte[80]);
        long period = schedule.period(time);
        List<TicketKey> waiting = schedule.keys(List.of(old, fresh), SCOPE, period);
        List<TicketKey> changed = schedule.keys(List.of(fresh, old), SCOPE, period);

        assertThat(waiting).hasSize(6).doesNotHaveDuplicates();
        assertThat(changed).containsExactlyInAnyOrderElementsOf(waiting);
        assertThat(changed.getFirst())
                .isEqualTo(schedule.keys(List.of(fresh), SCOPE, period).getFirst());
    }

    @Test
    void anotherListenerOtherClientsAnotherRotationAndAnotherSourceHaveOtherKeys() {
        TicketSecret secret = TicketSecret.ofPeers(new Secret("known to all hosts"));
        TicketSchedule schedule = new TicketSchedule(Duration.ofHours(12));
        ClientTrust clients = new ClientTrust(List.of(), List.of(), true);
        ClientTrust optional = new ClientTrust(List.of(), List.of(), false);

        assertThat(
                        List.of(
                                schedule.keys(List.of(secret), SCOPE, 7).getFirst(),
                                schedule.keys(List.of(secret), scope("other", null), 7).getFirst(),
                                schedule.keys(List.of(secret), scope("web", clients), 7).getFirst(),
                                schedule.keys(List.of(secret), scope("web", optional), 7)
                                        .getFirst(),
                                new TicketSchedule(Duration.ofHours(6))
                                        .keys(List.of(secret), SCOPE, 7)
                                        .getFirst(),
                                schedule.keys(
                                                List.of(
                                                        TicketSecret.ofFile(
                                                                "known to all hosts"
                                                                        .getBytes(
                                                                                StandardCharsets
                                                                                        .UTF_8))),
                                                SCOPE,
                                                7)
                                        .getFirst()))
                .doesNotHaveDuplicates();
    }

    private static byte[] scope(String listener, @Nullable ClientTrust clients) {
        return TicketSchedule.scope(listener, Optional.ofNullable(clients));
    }

    /**
     * Hosts of two versions of Buoy stand side by side while one is upgraded. The value is that of
     * another implementation of RFC 5869.
     */
    @Test
    void theKeysAreTheSameInEveryVersion() {
        TicketKey key =
                new TicketSchedule(Duration.ofHours(12))
                        .keys(List.of(TicketSecret.ofFile(new byte[48])), SCOPE, 41_000)
                        .getFirst();

        assertThat(HexFormat.of().formatHex(key.name()))
                .isEqualTo("7d170d3c2a8681776dbc1987b788a46d");
    }

    @Test
    void whatIsSecretIsNotShown() {
        TicketSecret secret = TicketSecret.ofFile(new byte[48]);

        assertThat(secret).hasToString("(hidden)");
        assertThat(secret.key(new byte[0])).hasToString("(hidden)");
    }
}
