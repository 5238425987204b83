package buoy.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import buoy.daemon.admin.AdminClient;
import buoy.daemon.page.Browser;
import buoy.daemon.page.Page;
import buoy.daemon.page.Picture;
import buoy.daemon.page.Scenes;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The stats page where it is looked at: in Chromium, served by a process of its own. */
class PageInBrowserTest {
    /** Where pictures of the page are left for people to look at: {@code -Dbuoy.pictures=DIR}. */
    private static final String PICTURES = System.getProperty("buoy.pictures", "");

    private static final String NOT_LIVE = "document.body.classList.contains('gone')";

    private static final String DRAINS =
            "document.querySelector('#pools tbody').textContent.includes('drains by command')";

    /** A line with a peak, which is one unit below the top. */
    private static final String RATE_IS_DRAWN =
            "/[ V]1H/.test(document.querySelector('#charts path.rate')?.getAttribute('d'))";

    /** That a server does something each second: in the column of that name. */
    private static final String PACE_IS_SHOWN =
            """
            (() => {
              const titles = [...document.querySelectorAll('#pools thead th')].map(e => e.textContent);
              const cells = document.querySelector('#pools tbody tr').children;
              return /[1-9]/.test(cells[titles.indexOf('Per s')].textContent);
            })()""";

    @TempDir Path directory;

    private static void picture(Browser browser, String name) throws Exception {
        if (PICTURES.isEmpty()) {
            return;
        }
        for (String scheme : List.of("light", "dark")) {
            for (int width : List.of(1280, 400)) {
                browser.look(scheme, width);
                browser.screenshot(
                        Path.of(PICTURES, "%s-%s-%d.png".formatted(name, scheme, width)));
            }
        }
    }

    @Test
    void nothingSticksOutOfAnyScreen() throws Exception {
        assumeTrue(Browser.isInstalled(), "chromium is not installed");
        try (Browser browser = new Browser(directory)) {
            for (Map.Entry<String, Picture> scene : Scenes.all().entrySet()) {
                browser.open(withoutScript(directory, scene.getValue()).toUri().toString());
                picture(browser, scene.getKey());
                browser.value(
                        """
                        (() => {
                          for (const e of document.querySelectorAll('details')) e.open = true;
                          document.getElementById('gone').textContent = 'Not live since 12:00:00 UTC: no answer from Buoy. Trying again.';
                          document.getElementById('said').className = 'bad';
                          document.getElementById('said').firstChild.textContent = 'Not done. ' + 'x'.repeat(200);
                        })()""");
                for (String scheme : List.of("light", "dark")) {
                    for (int width : List.of(320, 390, 768, 1280, 2560)) {
                        browser.look(scheme, width);
                        assertThat(
                                        browser.value(
                                                "document.documentElement.scrollWidth <= window.innerWidth"))
                                .as("%s: %d pixels, %s", scene.getKey(), width, scheme)
                                .isEqualTo("true");
                    }
                }
            }
        }
    }

    /** The page as a file, which no process makes live: so nothing in it says that it is not. */
    static Path withoutScript(Path directory, Picture picture) throws IOException {
        String page = Page.of(picture, Optional.of("token"));
        return Files.writeString(
                directory.resolve("page.html"), page.replaceFirst("(?s)<script>.*</script>", ""));
    }

    /** What a person with a keyboard alone does: Tab is a focus, Enter a click. */
    static void press(Browser browser, String label) throws Exception {
        String button = "document.querySelector('button[aria-label^=\"" + label + "\"]')";
        browser.awaitTrue(button + " !== null");
        browser.value(button + ".focus()");
        browser.key("Enter");
    }

    private static String post(int port, String path, String... fields) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                                    .headers(fields)
                                    .timeout(Child.PATIENCE)
                                    .POST(HttpRequest.BodyPublishers.noBody())
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }

    /** As {@code buoy status} says it. */
    private static String line(Site site, String server) throws Exception {
        String all =
                new AdminClient(site.socket, Child.PATIENCE)
                        .ask("GET", "/api/v1/status", "text/plain")
                        .body();
        return all.lines().filter(each -> each.contains(server)).findFirst().orElse(all);
    }

    private static final String OPS =
            "Basic "
                    + Base64.getEncoder()
                            .encodeToString("ops:secret".getBytes(StandardCharsets.US_ASCII));

    @Test
    void whoHasLoggedInDrainsAServerAndNoForeignPageDoes() throws Exception {
        assumeTrue(Browser.isInstalled(), "chromium is not installed");
        try (Site site = new Site(directory);
                Browser browser = new Browser(directory)) {
            site.mayAct();
            try (Child child = Child.running(directory, site.config)) {
                String page = "127.0.0.1:" + site.stats + "/";
                assertThat(Child.get(site.stats, "/").statusCode()).isEqualTo(401);
                browser.open("http://ops:secret@" + page);
                browser.awaitTrue("document.querySelector('#pools .tag.good') !== null");
                press(browser, "Drain app/a1");
                browser.awaitTrue(
                        "document.querySelector('#said p').textContent.startsWith('app/a1 takes nothing new')");
                browser.awaitTrue(DRAINS);
                assertThat(line(site, "a1")).contains("drain");
                assertThat(browser.value("document.activeElement.getAttribute('aria-label')"))
                        .as("the focus stays")
                        .isEqualTo("Drain app/a1");
                assertThat(browser.value("document.activeElement.getAttribute('aria-pressed')"))
                        .isEqualTo("true");
                picture(browser, "drained");

                press(browser, "Ready app/a1");
                browser.awaitTrue("!" + DRAINS);
                assertThat(line(site, "a1")).doesNotContain("drain");
                press(browser, "Drain app/a1");
                browser.awaitTrue(DRAINS);

                press(browser, "Maintenance app/a1");
                browser.awaitTrue("document.getElementById('ask').open");
                assertThat(browser.value("document.activeElement.textContent")).isEqualTo("Cancel");
                picture(browser, "asked");
                browser.key("Escape");
                browser.awaitTrue("!document.getElementById('ask').open");
                assertThat(browser.value("document.activeElement.getAttribute('aria-label')"))
                        .isEqualTo("Maintenance app/a1");
                assertThat(line(site, "a1")).doesNotContain("maintenance");

                press(browser, "Weight app/a1");
                browser.awaitTrue("document.activeElement.value === '1'");
                browser.value("document.activeElement.value = '7'");
                browser.key("Enter");
                browser.awaitTrue(
                        "document.querySelector('#said p').textContent.includes('weight 7')");
                assertThat(browser.complaints()).isEmpty();

                // A page of another origin, in the same browser, whose user is logged in here.
                browser.open("http://127.0.0.1:" + site.http + "/");
                browser.value(
                        "(() => { const f = document.createElement('form'); f.method = 'post'; f.action = 'http://"
                                + page
                                + "api/v1/servers/app/a1/ready'; document.body.append(f); f.submit(); })()");
                child.awaitLog("it did not come from a page of this address");
                assertThat(post(site.stats, "/api/v1/servers/app/a1/ready", "Authorization", OPS))
                        .startsWith("403 refused: it came without the token");
                assertThat(line(site, "a1")).contains("drain");
            }
        }
    }

    @Test
    void withoutScriptTheButtonsWorkToo() throws Exception {
        assumeTrue(Browser.isInstalled(), "chromium is not installed");
        try (Site site = new Site(directory);
                Browser browser = new Browser(directory)) {
            site.mayAct();
            try (Child _ = Child.running(directory, site.config)) {
                browser.ask("Emulation.setScriptExecutionDisabled", Map.of("value", true));
                browser.open("http://ops:secret@127.0.0.1:" + site.stats + "/");
                press(browser, "Maintenance app/a1");
                browser.awaitTrue(
                        "document.querySelector('h1')?.textContent === 'Maintenance app/a1'");
                picture(browser, "asked-without-script");
                browser.value("document.querySelector('form button').focus()");
                browser.key("Enter");
                browser.awaitTrue("document.querySelector('h1')?.textContent === 'Done'");
                assertThat(line(site, "a1")).contains("maintenance");
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

                for (String shown : List.of(RATE_IS_DRAWN, PACE_IS_SHOWN)) {
                    Browser.await(
                            shown,
                            () -> {
                                assertThat(Child.get(site.http, "/").statusCode()).isEqualTo(200);
                                return browser.value(shown).equals("true");
                            });
                }
                picture(browser, "live");

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
