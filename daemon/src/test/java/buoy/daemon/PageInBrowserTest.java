package buoy.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import buoy.daemon.events.Said;
import buoy.daemon.page.Browser;
import buoy.daemon.page.Page;
import buoy.daemon.page.Picture;
import buoy.daemon.status.Samples;
import buoy.lb.BalancerStatus;
import buoy.lb.pool.Duty;
import buoy.lb.pool.ServerHealth;
import buoy.vrrp.RouterState;
import buoy.vrrp.RouterStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The stats page where it is looked at: in Chromium, served by a process of its own. */
class PageInBrowserTest {
    /** Where pictures of the page are left for people to look at: {@code -Dbuoy.pictures=DIR}. */
    private static final String PICTURES = System.getProperty("buoy.pictures", "");

    private static final String NOT_LIVE = "document.body.classList.contains('gone')";

    @TempDir Path directory;

    private static void picture(Browser browser, String name) throws Exception {
        if (PICTURES.isEmpty()) {
            return;
        }
        for (String scheme : List.of("light", "dark")) {
            for (int width : List.of(1280, 390)) {
                browser.look(scheme, width);
                browser.screenshot(
                        Path.of(PICTURES, "%s-%s-%d.png".formatted(name, scheme, width)));
            }
        }
    }

    /** A host on a bad night: what is shown is a file, which no process makes live. */
    private static Picture badNight() {
        RouterStatus fault =
                Samples.router(RouterState.FAULT, 0, List.of(), List.of("eth0 is down"));
        RouterStatus active = Samples.router(RouterState.ACTIVE, 150, List.of(), List.of());
        List<BalancerStatus.ServerStatus> servers = new ArrayList<>();
        for (int i = 1; i <= 40; i++) {
            ServerHealth.State state = i % 9 == 0 ? ServerHealth.State.DOWN : ServerHealth.State.UP;
            ServerHealth health =
                    new ServerHealth(
                            state,
                            Samples.NOW.minusSeconds(i * 97L),
                            state == ServerHealth.State.UP ? "HTTP 200" : "Connection refused");
            servers.add(
                    Samples.server(
                            "application-server-" + i,
                            health,
                            i % 11 == 0 ? Duty.DRAIN : Duty.READY,
                            Optional.empty()));
        }
        return new Picture(
                Samples.status(
                        List.of(active, fault),
                        servers,
                        Duration.ofSeconds(9),
                        Samples.NOW.plus(Duration.ofDays(3)),
                        Optional.empty()),
                List.of(
                        new Said(
                                Samples.NOW,
                                "router-state",
                                "web: active -> fault: eth0 is down")));
    }

    @Test
    void nothingSticksOutOfAnyScreen() throws Exception {
        assumeTrue(Browser.isInstalled(), "chromium is not installed");
        Path file = directory.resolve("page.html");
        Files.writeString(file, Page.of(badNight()));
        try (Browser browser = new Browser(directory)) {
            browser.open(file.toUri().toString());
            for (int width : List.of(320, 390, 768, 1280, 2560)) {
                browser.look("light", width);
                assertThat(
                                browser.value(
                                        "document.documentElement.scrollWidth <= window.innerWidth"))
                        .as("%d pixels hold the page", width)
                        .isEqualTo("true");
            }
            picture(browser, "bad-night");
        }
    }

    @Test
    void thePageIsLiveSaysWhenItIsNotAndIsSoAgain() throws Exception {
        assumeTrue(Browser.isInstalled(), "chromium is not installed");
        try (Site site = new Site(directory);
                Browser browser = new Browser(directory)) {
            try (Child _ = Child.running(directory, site.config)) {
                browser.open("http://127.0.0.1:" + site.stats + "/");
                browser.awaitTrue(
                        "document.querySelector('#verdict strong').textContent === 'All is well'");
                browser.awaitTrue("document.title.startsWith('All is well: ')");
                browser.value("window.kept = document.querySelector('#pools .scroll')");
                browser.value("window.kept.focus()");
                picture(browser, "well");

                site.applicationEnds();
                browser.awaitTrue(
                        "document.querySelector('#verdict strong').textContent === 'Something is down'");
                browser.awaitTrue("document.title.startsWith('Something is down: ')");
                browser.awaitTrue(
                        "document.querySelector('#recent tbody').textContent.includes('down')");
                assertThat(browser.value("document.activeElement === window.kept"))
                        .as("what has the focus keeps it")
                        .isEqualTo("true");
                assertThat(browser.complaints()).isEmpty();
                picture(browser, "down");
            }
            browser.awaitTrue(NOT_LIVE);
            assertThat(browser.value("document.getElementById('gone').textContent"))
                    .matches("Not live since \\d\\d:\\d\\d:\\d\\d UTC: .*");
            picture(browser, "gone");
            try (Child _ = Child.running(directory, site.config)) {
                browser.awaitTrue("!" + NOT_LIVE);
            }
        }
    }
}
