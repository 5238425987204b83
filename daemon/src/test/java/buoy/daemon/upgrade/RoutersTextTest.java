package buoy.daemon.upgrade;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.FloatingRoute;
import buoy.config.model.FloatingRule;
import buoy.config.model.Prefix;
import buoy.vrrp.HandedOver;
import buoy.vrrp.HandedOver.Held;
import buoy.vrrp.HandedOver.Member;
import buoy.vrrp.HandedOver.Pending;
import buoy.vrrp.HandedOver.Team;
import buoy.vrrp.RoutingTable.Entry;
import buoy.vrrp.core.Outlook;
import buoy.vrrp.core.Priority;
import buoy.vrrp.core.Rules;
import buoy.vrrp.core.State;
import buoy.vrrp.core.Ticks;
import buoy.vrrp.core.Version;
import buoy.vrrp.track.Word;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RoutersTextTest {
    private static final InetAddress PEER = InetAddress.ofLiteral("198.51.100.2");
    private static final InetAddress PEER6 = InetAddress.ofLiteral("fe80::2");
    private static final Prefix ADDRESS = new Prefix(InetAddress.ofLiteral("198.51.100.100"), 24);
    private static final Prefix ADDRESS6 = new Prefix(InetAddress.ofLiteral("2001:db8::1"), 64);

    /** The clock may wrap, and is negative on some hosts. */
    private static final Ticks EARLY = new Ticks(Long.MIN_VALUE);

    private static final Ticks LATE = new Ticks(Long.MAX_VALUE);

    private static final List<State> STATES =
            List.of(
                    new State.Initialize(),
                    new State.Fault("eth0 is\tdown".replace('\t', ' ')),
                    new State.Backup(EARLY, Duration.ofMillis(10), new Outlook.NobodyHeard(), LATE),
                    backup(new Outlook.Following(PEER, new Priority(150))),
                    backup(new Outlook.Tolerating(PEER6, new Priority(1), LATE)),
                    backup(new Outlook.Preempting(PEER, new Priority(254))),
                    backup(new Outlook.Resigned(PEER6)),
                    new State.Active(EARLY, LATE, true, EARLY, Optional.empty()),
                    new State.Active(
                            LATE, EARLY, false, LATE, Optional.of(new State.Tie(EARLY, LATE))),
                    new State.Offering(EARLY, Priority.OWNER),
                    new State.Leaving(LATE, "pool app has no server"));

    private static State backup(Outlook outlook) {
        return new State.Backup(EARLY, Duration.ofSeconds(1), outlook, EARLY);
    }

    static HandedOver everything() {
        List<Entry> routes =
                List.of(
                        new Entry.Route(
                                new FloatingRoute(
                                        Optional.of(ADDRESS6),
                                        Optional.of(PEER6),
                                        Optional.of(ADDRESS6.address()),
                                        Optional.of("eth1"),
                                        FloatingRoute.Table.MAIN,
                                        Optional.of(7)),
                                "eth1"),
                        new Entry.Route(
                                new FloatingRoute(
                                        Optional.empty(),
                                        Optional.of(PEER),
                                        Optional.empty(),
                                        Optional.empty(),
                                        FloatingRoute.Table.DEFAULT,
                                        Optional.empty()),
                                "eth0"),
                        new Entry.Rule(
                                new FloatingRule(Optional.of(ADDRESS), Optional.empty(), 9, 10)));
        List<Member> members =
                List.of(
                        new Member(
                                "eth0/51/V3/IPV4",
                                List.of(
                                        new Held(ADDRESS, EARLY, false),
                                        new Held(ADDRESS6, LATE, true)),
                                routes,
                                Optional.of(new Pending(3, LATE))),
                        new Member("eth0/52/V3/IPV6", List.of(), List.of(), Optional.empty()));
        List<Team> teams = new ArrayList<>();
        for (State state : STATES) {
            teams.add(
                    new Team(
                            "team " + teams.size(),
                            new Rules(
                                    Version.V2,
                                    new Priority(100),
                                    Duration.ofMillis(100),
                                    teams.size() % 2 == 0,
                                    Duration.ofSeconds(3)),
                            state,
                            EARLY,
                            42,
                            "why it is so",
                            members));
        }
        return new HandedOver(
                teams,
                Set.of("web", "db"),
                List.of(
                        new Word("pool app", Optional.of(2), Optional.empty()),
                        new Word("script x", Optional.empty(), Optional.of("-")),
                        new Word("interface eth1", Optional.empty(), Optional.empty())));
    }

    @Test
    void whatIsWrittenIsRead() throws Exception {
        assertThat(RoutersText.decode(RoutersText.encode(everything()))).isEqualTo(everything());
        HandedOver nothing = new HandedOver(List.of(), Set.of(), List.of());
        assertThat(RoutersText.decode(RoutersText.encode(nothing))).isEqualTo(nothing);
    }

    @Test
    void noTextIsMoreThanItsWord() throws Exception {
        HandedOver odd =
                new HandedOver(
                        List.of(),
                        Set.of(),
                        List.of(new Word("x\nresigned\ty", Optional.empty(), Optional.empty())));
        assertThat(RoutersText.decode(RoutersText.encode(odd)).facts())
                .containsExactly(new Word("x resigned y", Optional.empty(), Optional.empty()));
    }

    @Test
    void whateverElseIsReadIsRefused() {
        String text = RoutersText.encode(everything());
        Random random = new Random(1);
        for (int i = 0; i < 5_000; i++) {
            StringBuilder damaged = new StringBuilder(text);
            for (int k = random.nextInt(4); k >= 0; k--) {
                int at = random.nextInt(damaged.length());
                switch (random.nextInt(3)) {
                    case 0 -> damaged.setCharAt(at, (char) (' ' + random.nextInt(95)));
                    case 1 -> damaged.delete(at, Math.min(damaged.length(), at + 9));
                    default -> damaged.insert(at, random.nextBoolean() ? '\t' : '\n');
                }
            }
            try {
                RoutersText.decode(damaged.toString());
            } catch (UpgradeFailed refused) {
                assertThat(refused).hasMessageStartingWith("it left ");
            }
        }
    }
}
