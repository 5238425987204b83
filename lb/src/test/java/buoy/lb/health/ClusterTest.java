package buoy.lb.health;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.Health.Role;
import buoy.lb.health.Cluster.Member;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ClusterTest {
    private static Member primary(String name, int timeline) {
        return member(name, Role.PRIMARY, "1", timeline);
    }

    private static Member member(String name, Role role, String system, int timeline) {
        return new Member(name, new Report(role, system, timeline, 1000, 0), false, false, 0, 9);
    }

    private static Member leading(Member member) {
        return new Member(member.name(), member.report(), true, false, 0, 9);
    }

    private static Member silent(Member member) {
        return new Member(member.name(), member.report(), member.leads(), true, 0, 9);
    }

    private static Cluster of(Member... members) {
        return new Cluster(List.of(members));
    }

    @Test
    void oneAloneIsBelieved() {
        Cluster cluster = of(primary("a", 1), member("b", Role.REPLICA, "1", 1));
        assertThat(cluster.disbelief("a")).isEmpty();
        assertThat(cluster.disbelief("b")).isEmpty();
        assertThat(cluster.disbelief("unknown")).isEmpty();
        assertThat(cluster.troubles()).isEmpty();
    }

    @Test
    void ofTwoPrimariesTheHigherTimelineWins() {
        Cluster cluster = of(leading(primary("a", 1)), primary("b", 2));
        assertThat(cluster.disbelief("a"))
                .contains("a former primary: its timeline is 1, that of b is 2");
        assertThat(cluster.disbelief("b")).isEmpty();
        assertThat(cluster.troubles())
                .containsExactly(
                        "several servers say that they are primary: a (timeline 1), b (timeline 2)");
    }

    @Test
    void aSwitchOverIsNoAlarm() {
        Report was = new Report(Role.PRIMARY, "1", 1, 0, 0);
        Report is = new Report(Role.PRIMARY, "1", 2, 0, 0);
        Member before = new Member("a", was, true, false, 1, 20);
        Member after = new Member("b", is, false, false, 21, 21);
        assertThat(of(before, after).troubles()).isEmpty();
        assertThat(of(before, after).disbelief("a")).isPresent();
        Member still = new Member("a", was, false, false, 1, 22);
        Member again = new Member("b", is, true, false, 21, 23);
        assertThat(of(still, again).troubles()).hasSize(1);
    }

    @Test
    void aFormerPrimaryIsKnownByTheReplicasOfTheNewOneToo() {
        Cluster cluster = of(primary("a", 1), member("b", Role.REPLICA, "1", 2));
        assertThat(cluster.disbelief("a")).isPresent();
        assertThat(cluster.troubles()).isEmpty();
    }

    @Test
    void whatASilentServerSaidLastCounts() {
        Cluster cluster = of(primary("a", 1), silent(primary("b", 2)));
        assertThat(cluster.disbelief("a")).isPresent();
        assertThat(cluster.troubles()).isEmpty();
    }

    @Test
    void ofEqualsTheOneThatLeadsAlreadyGoesOn() {
        Cluster cluster = of(primary("a", 2), leading(primary("b", 2)));
        assertThat(cluster.disbelief("a")).contains("b says that it is primary too");
        assertThat(cluster.disbelief("b")).isEmpty();
        assertThat(of(primary("a", 2), primary("b", 2)).disbelief("b")).isPresent();
        assertThat(of(primary("a", 2), silent(leading(primary("b", 2)))).disbelief("a")).isEmpty();
    }

    @Test
    void aServerOfAnotherClusterIsNoUse() {
        Cluster cluster =
                of(
                        member("a", Role.PRIMARY, "7", 9),
                        primary("b", 1),
                        member("c", Role.REPLICA, "1", 1));
        assertThat(cluster.disbelief("a"))
                .contains("of another cluster: its system identifier is 7, not 1");
        assertThat(cluster.disbelief("b")).isEmpty();
        assertThat(cluster.troubles())
                .containsExactly("a is of another cluster: its system identifier is 7, not 1");
    }

    @Test
    void whoSaysNothingOfItIsTakenAtItsWord() {
        Cluster cluster = of(member("a", Role.PRIMARY, "", 0), member("b", Role.REPLICA, "1", 4));
        assertThat(cluster.disbelief("a")).isEmpty();
    }

    @Test
    void theNewestPositionIsThatOfTheNewestTimeline() {
        Member old = new Member("a", new Report(Role.PRIMARY, "1", 1, 9000, 0), false, true, 0, 9);
        Member fresh =
                new Member("b", new Report(Role.PRIMARY, "1", 2, 5000, 0), true, false, 0, 9);
        assertThat(of(old, fresh).newestPosition()).isEqualTo(5000);
        assertThat(of().newestPosition()).isZero();
    }

    @Property
    void atMostOneOfThoseWhoClaimItIsBelieved(
            @ForAll @Size(max = 6) List<@IntRange(min = 1, max = 3) Integer> timelines,
            @ForAll @IntRange(min = 0, max = 5) int leader) {
        List<Member> members =
                IntStream.range(0, timelines.size())
                        .mapToObj(i -> primary("s" + i, timelines.get(i)))
                        .map(m -> m.name().equals("s" + leader) ? leading(m) : m)
                        .toList();
        Cluster cluster = new Cluster(members);
        List<Member> believed =
                members.stream().filter(m -> cluster.disbelief(m.name()).isEmpty()).toList();
        assertThat(believed).hasSize(timelines.isEmpty() ? 0 : 1);
        assertThat(believed)
                .allMatch(
                        m -> timelines.stream().allMatch(other -> other <= m.report().timeline()));
        assertThat(Optional.of(cluster.troubles().isEmpty())).contains(timelines.size() < 2);
    }
}
