package buoy.lb.resolve;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.lb.resolve.Known.Step;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class KnownTest {
    private static final InetAddress A = InetAddress.ofLiteral("198.51.100.11");
    private static final InetAddress B = InetAddress.ofLiteral("198.51.100.12");
    private static final InetAddress SIX = InetAddress.ofLiteral("2001:db8::11");

    private static Answer found(int ttl, InetAddress... addresses) {
        return new Answer.Found(List.of(addresses), Duration.ofSeconds(ttl), true);
    }

    private static Known knows(InetAddress address) {
        return Known.NOTHING.after(found(5, address)).next();
    }

    @Test
    void theFirstOfAnAnswerIsTaken() {
        Step step = Known.NOTHING.after(found(5, B, A));
        assertThat(step.news()).contains(new News.Moved(Optional.empty(), B));
        assertThat(step.next().address()).contains(B);
        assertThat(step.pause()).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void anAddressIsKeptForAsLongAsItIsAmongTheAnswers() {
        Step step = knows(A).after(found(5, B, A));
        assertThat(step.news()).isEmpty();
        assertThat(step.next().address()).contains(A);
        assertThat(step.next().after(found(5, B)).news())
                .contains(new News.Moved(Optional.of(A), B));
    }

    @Test
    void aFailureKeepsTheAddressAndIsNewsOnce() {
        Step first = knows(A).after(new Answer.Failed("no"));
        assertThat(first.news()).contains(new News.Failing("no"));
        Step second = first.next().after(new Answer.Failed("no"));
        assertThat(second.news()).isEmpty();
        assertThat(second.next().address()).contains(A);
        assertThat(second.next().trouble()).contains("no");
        Step again = second.next().after(found(5, A));
        assertThat(again.news()).contains(new News.Confirmed());
        assertThat(again.next()).isEqualTo(knows(A));
    }

    @Test
    void anotherReasonIsNewsOfALesserKind() {
        Known failing = Known.NOTHING.after(new Answer.Failed("no server")).next();
        Step other = failing.after(new Answer.Failed("no such name"));
        assertThat(other.news()).contains(new News.StillFailing("no such name"));
        assertThat(other.next().trouble()).contains("no such name");
        assertThat(other.next().after(new Answer.Failed("no such name")).news()).isEmpty();
    }

    @Test
    void theTimeToLiveIsObeyedWithinBounds() {
        assertThat(Known.NOTHING.after(found(0, A)).pause()).isEqualTo(Known.SHORTEST);
        assertThat(Known.NOTHING.after(found(30, A)).pause()).isEqualTo(Duration.ofSeconds(30));
        assertThat(Known.NOTHING.after(found(86_400, A)).pause()).isEqualTo(Known.LONGEST);
    }

    @Test
    void triesAfterAFailureComeSlowerAndSlower() {
        List<Long> pauses =
                Stream.iterate(
                                Known.NOTHING.after(new Answer.Failed("no")),
                                step -> step.next().after(new Answer.Failed("no")))
                        .limit(40)
                        .map(step -> step.pause().toSeconds())
                        .toList();
        assertThat(pauses).startsWith(1L, 2L, 4L, 8L, 10L).endsWith(10L, 10L);
    }

    @Test
    void halfAnAnswerMovesNothingAndIsEnoughToBegin() {
        Answer half = new Answer.Found(List.of(A), Duration.ofSeconds(5), false);
        assertThat(Known.NOTHING.after(half).next().address()).contains(A);
        assertThat(knows(A).after(half).news()).isEmpty();
        Step step = knows(SIX).after(half);
        assertThat(step.next().address()).contains(SIX);
        assertThat(step.next().trouble()).isPresent();
    }
}
