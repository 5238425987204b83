package buoy.daemon.page;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.daemon.events.Said;
import buoy.daemon.history.Past;
import buoy.daemon.status.Samples;
import buoy.daemon.status.Status;
import buoy.lb.pool.Duty;
import buoy.lb.pool.ServerHealth;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PageTest {
    private static final Status BROKEN = Samples.broken();

    private static String page(Status status) {
        return Page.of(new Picture(status, List.of(), false, Past.NONE), Optional.empty());
    }

    @Test
    void whatOthersWroteIsEscapedAndOnlyItsOwnScriptIsAllowed() {
        String page = page(BROKEN);
        assertThat(page).contains("&lt;script&gt;&amp;&quot;&#39;").doesNotContain("<script>&");
        assertThat(Page.headers(false).get("Content-Security-Policy"))
                .contains("default-src 'none'", "script-src 'sha256-")
                .doesNotContain("unsafe-inline");
        assertThat(page).doesNotContain("style=\"", "onclick", "http://", "https://");
    }

    @Test
    void theVerdictIsSaidInWords() {
        assertThat(page(Samples.good())).contains("<strong>All is well</strong>");
        assertThat(page(BROKEN))
                .contains("<strong>Something is down</strong>", "worker 0 of 1 hangs");
    }

    @Test
    void theDaysThatACertificateHasLeftAreJudged() {
        assertThat(page(Samples.good())).contains("<span class=\"tag good\">60 days</span>");
        assertThat(page(BROKEN)).contains("<span class=\"tag degraded\">3 days</span>");
    }

    @Test
    void aServerThatIsUpAndDrainsSaysBoth() {
        ServerHealth up = new ServerHealth(ServerHealth.State.UP, Samples.NOW, "HTTP 200");
        Status drained =
                Samples.status(
                        List.of(),
                        List.of(Samples.server("a1", up, Duty.DRAIN, Optional.empty())),
                        Duration.ZERO,
                        Samples.NOW.plus(Duration.ofDays(60)),
                        Optional.empty());
        assertThat(page(drained))
                .contains(
                        "<span class=\"tag good\">up</span> <span class=\"tag degraded\">drain</span>");
    }

    @Test
    void whatHappenedIsShownWithTheDayWhereThatIsAnother() {
        Said today = new Said(Instant.parse("2026-11-21T11:59:58.5Z"), "server", "<b> is down");
        Said before = new Said(Instant.parse("2026-11-20T23:00:00Z"), "reload", "applied");
        assertThat(
                        Page.of(
                                new Picture(
                                        Samples.good(), List.of(today, before), false, Past.NONE),
                                Optional.empty()))
                .contains(
                        ">11:59:58</th><td>server</td><td class=\"why\">&lt;b&gt; is down</td>",
                        ">2026-11-20 23:00:00</th><td>reload</td>");
    }

    @Test
    void itWeighsLittle() {
        int empty = page(Samples.good()).getBytes(StandardCharsets.UTF_8).length;
        assertThat(empty).isLessThan(30_000);
    }
}
