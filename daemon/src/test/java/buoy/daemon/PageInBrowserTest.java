package buoy.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import buoy.daemon.page.Browser;
import java.nio.file.Path;
import java.util.List;
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
