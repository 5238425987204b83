package buoy.daemon.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What is made when, and how often; when something is made the test says. */
class RenderingsTest {
    private static final int MOST = 10;

    private final Deque<Runnable> toRun = new ArrayDeque<>();
    private final Renderings renderings = new Renderings(toRun::add, MOST);
    private final List<String> made = new ArrayList<>();

    private Answer make(String what) {
        made.add(what);
        return Answer.text(200, what + made.size());
    }

    private CompletableFuture<Answer> ask(String what) {
        return renderings.ask(what, () -> make(what));
    }

    private CompletableFuture<Answer> join(String what) {
        return renderings.join(what, () -> make(what));
    }

    private void run() {
        toRun.remove().run();
    }

    private static String text(CompletableFuture<Answer> answer) {
        assertThat(answer).isDone();
        StringBuilder text = new StringBuilder();
        answer.join().more().forEach(part -> text.append(new String(part, StandardCharsets.UTF_8)));
        return text.toString();
    }

    @Test
    void whoeverAsksBeforeItBeginsGetsTheSame() {
        List<CompletableFuture<Answer>> asked = List.of(ask("a"), join("a"), ask("a"));
        run();
        assertThat(asked).extracting(RenderingsTest::text).containsOnly("a1");
        assertThat(asked.get(0).join().more().getFirst())
                .isSameAs(asked.get(2).join().more().getFirst());
        assertThat(toRun).isEmpty();
    }

    @Test
    void whoIsContentWithOneThatHasBegunJoinsItAndOthersShareTheNext() {
        List<CompletableFuture<Answer>> joined = new ArrayList<>();
        List<CompletableFuture<Answer>> asked = new ArrayList<>();
        CompletableFuture<Answer> first =
                renderings.join(
                        "a",
                        () -> {
                            joined.add(join("a"));
                            asked.add(ask("a"));
                            joined.add(join("a"));
                            asked.add(ask("a"));
                            return make("a");
                        });
        run();
        assertThat(text(first)).isEqualTo("a1");
        assertThat(joined).hasSize(2).extracting(RenderingsTest::text).containsOnly("a1");
        assertThat(asked).hasSize(2).noneMatch(CompletableFuture::isDone);
        joined.forEach(each -> each.join().sent().run());
        first.join().sent().run();
        run();
        assertThat(asked).extracting(RenderingsTest::text).containsOnly("a2");
        assertThat(toRun).isEmpty();
    }

    @Test
    void oneIsMadeAtATimeInTheOrderInWhichTheyWereWanted() {
        CompletableFuture<Answer> a = ask("a");
        CompletableFuture<Answer> b = join("b");
        CompletableFuture<Answer> c = ask("c");
        var _ = join("b");
        for (CompletableFuture<Answer> each : List.of(a, b, c)) {
            assertThat(toRun).hasSize(1);
            assertThat(each).isNotDone();
            run();
            assertThat(each).isDone();
        }
        assertThat(made).containsExactly("a", "b", "c");
        assertThat(toRun).isEmpty();
    }

    @Test
    void nothingIsMadeWhileTooMuchIsOnItsWayToClients() {
        CompletableFuture<Answer> one = ask("long-enough");
        CompletableFuture<Answer> other = ask("long-enough");
        run();
        CompletableFuture<Answer> next = ask("b");
        assertThat(toRun).isEmpty();
        assertThat(renderings.isHeldUp()).isTrue();
        one.join().sent().run();
        assertThat(toRun).isEmpty();
        other.join().sent().run();
        assertThat(renderings.isHeldUp()).isFalse();
        run();
        assertThat(text(next)).isEqualTo("b2");
    }

    @Test
    void whoWaitsNoLongerHoldsNothingUp() {
        CompletableFuture<Answer> one = ask("long-enough");
        assertThat(one.cancel(false)).isTrue();
        run();
        assertThat(renderings.isHeldUp()).isFalse();

        CompletableFuture<Answer> holds = ask("long-enough");
        run();
        CompletableFuture<Answer> gone = ask("nobody wants it");
        CompletableFuture<Answer> stays = ask("b");
        assertThat(gone.cancel(false)).isTrue();
        holds.join().sent().run();
        run();
        assertThat(stays).isDone();
        assertThat(made).doesNotContain("nobody wants it");
        assertThatThrownBy(gone::join).isInstanceOf(CancellationException.class);
    }

    @Test
    void whatCannotBeMadeIsSaidToAllAndHoldsNobodyUp() {
        CompletableFuture<Answer> one =
                renderings.ask(
                        "a",
                        () -> {
                            throw new IllegalStateException("a bug");
                        });
        CompletableFuture<Answer> other = ask("a");
        CompletableFuture<Answer> next = ask("b");
        run();
        assertThat(other).isDone();
        assertThatThrownBy(one::join).hasRootCauseMessage("a bug");
        assertThatThrownBy(other::join).hasRootCauseMessage("a bug");
        run();
        assertThat(text(next)).isEqualTo("b1");
    }
}
