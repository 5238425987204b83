package buoy.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import buoy.config.model.BasicAuth.Users;
import buoy.config.model.Endpoint;
import buoy.config.model.LogSettings;
import buoy.config.model.Secret;
import buoy.config.model.StatsSettings;
import buoy.daemon.admin.DoorLoop;
import buoy.daemon.json.JsonTree;
import buoy.daemon.log.Log;
import buoy.daemon.page.Browser;
import buoy.daemon.page.Scenes;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page for who does not see it, sees it badly, or has no mouse: in Chromium. */
class PageAccessTest {
    /** What has to say by a name what it is. */
    private static final Set<String> NAMED =
            Set.of(
                    "button",
                    "table",
                    "image",
                    "link",
                    "region",
                    "dialog",
                    "spinbutton",
                    "DisclosureTriangle",
                    "heading",
                    "columnheader",
                    "rowheader");

    /**
     * Of each text that is drawn, the contrast with what is behind it (WCAG 2.2, 1.4.3): those
     * below 4.5, with where they are.
     */
    private static final String WEAK =
            """
            (() => {
              const parts = css => css.match(/[0-9.]+/g).map(Number);
              const light = rgb => {
                const [r, g, b] = rgb.map(c => c / 255)
                  .map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
                return 0.2126 * r + 0.7152 * g + 0.0722 * b;
              };
              const behind = at => {
                for (let e = at; e; e = e.parentElement) {
                  const back = parts(getComputedStyle(e).backgroundColor);
                  if (back.length === 3 || back[3] === 1) return back.slice(0, 3);
                  if (back[3] !== 0) throw new Error('half transparent: ' + e.outerHTML);
                }
                throw new Error('nothing behind ' + at.outerHTML);
              };
              const weak = new Set();
              let seen = 0;
              const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
              while (walk.nextNode()) {
                const at = walk.currentNode.parentElement, style = getComputedStyle(at);
                if (!walk.currentNode.data.trim() || at.closest('script, style, noscript')
                  || at.getClientRects().length === 0) continue;
                const ink = parts(at instanceof SVGElement ? style.fill : style.color);
                const [a, b] = [light(ink.slice(0, 3)), light(behind(at))];
                const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
                seen++;
                if (ratio < 4.5) weak.add(ratio.toFixed(2) + ' ' + at.nodeName + '.' + at.className
                  + ' in ' + at.parentElement.nodeName + '.' + at.parentElement.className);
              }
              return seen + ' seen: ' + [...weak].join('; ');
            })()
            """;

    /** What Tab leads to, from top to bottom. */
    private static final String STOPS =
            """
            (() => {
              window.stops = [...document.querySelectorAll('button, a[href], input, summary, [tabindex]')]
                .filter(e => e.getClientRects().length > 0 && !e.disabled);
              return window.stops.length + (window.stops.some(e => e.tabIndex > 0) ? ' out of turn' : '');
            })()
            """;

    @TempDir Path directory;

    @BeforeEach
    void needsABrowser() {
        assumeTrue(Browser.isInstalled(), "chromium is not installed");
    }

    private Browser badNight() throws Exception {
        Browser browser = new Browser(directory);
        browser.open(
                PageInBrowserTest.withoutScript(directory, Scenes.badNight()).toUri().toString());
        return browser;
    }

    private static List<JsonTree> tree(Browser browser) throws Exception {
        browser.ask("Accessibility.enable", Map.of());
        return JsonTree.read(browser.ask("Accessibility.getFullAXTree", Map.of()))
                .get("result")
                .get("nodes")
                .items();
    }

    @Test
    void whatIsReadAloudHasANameAndNoTwoButtonsHaveTheSame() throws Exception {
        try (Browser browser = badNight()) {
            List<String> roles = new ArrayList<>();
            List<String> buttons = new ArrayList<>();
            for (JsonTree node : tree(browser)) {
                String role = node.get("role").text("value");
                String name = node.get("name").text("value");
                if (node.text("ignored").equals("true") || !NAMED.contains(role)) {
                    continue;
                }
                assertThat(name).as("the name of a %s: %s", role, node).isNotBlank();
                roles.add(role);
                if (role.equals("button")) {
                    buttons.add(name);
                }
            }
            assertThat(roles)
                    .contains("button", "table", "image", "link", "region", "heading", "rowheader");
            // 34 to 40 servers with four each, a pool and two routers with two each.
            assertThat(buttons).hasSizeGreaterThan(100);
            assertThat(buttons)
                    .doesNotHaveDuplicates()
                    .contains("Drain app/application-server-9", "Pause app");
        }
    }

    @Test
    void tabLeadsThroughEverythingFromTopToBottom() throws Exception {
        try (Browser browser = badNight()) {
            browser.look("light", 1280);
            String stops = browser.value(STOPS);
            assertThat(stops).matches("\\d{3}");
            for (int i = 0; i < Integer.parseInt(stops); i++) {
                browser.key("Tab");
                assertThat(browser.value("window.stops.indexOf(document.activeElement)"))
                        .as(
                                "where Tab leads to, at last %s",
                                browser.value("document.activeElement.outerHTML.slice(0, 300)"))
                        .isEqualTo(String.valueOf(i));
                if (i < 5) {
                    assertThat(
                                    browser.value(
                                            "getComputedStyle(document.activeElement).outlineStyle"))
                            .as("it is seen where one is")
                            .isEqualTo("solid");
                }
            }
        }
    }

    @Test
    void everyTextStandsOutInLightAndInDark() throws Exception {
        try (Browser browser = badNight()) {
            browser.value("document.getElementById('gone').textContent = 'Not live since'");
            browser.value("document.getElementById('said').firstChild.textContent = 'said'");
            for (String scheme : List.of("light", "dark")) {
                browser.look(scheme, 1280);
                for (String kind : List.of("good", "bad", "calm")) {
                    browser.value("document.getElementById('said').className = '" + kind + "'");
                    assertThat(browser.value(WEAK))
                            .as("%s, %s", scheme, kind)
                            .matches("\\d{3,4} seen: ");
                }
                for (String kind : List.of("good", "degraded", "bad")) {
                    browser.value(
                            "document.querySelector('.verdict').className = 'verdict "
                                    + kind
                                    + "'");
                    assertThat(browser.value(WEAK))
                            .as("%s, %s", scheme, kind)
                            .matches("\\d{3,4} seen: ");
                }
                browser.value(
                        "document.querySelectorAll('#ask button').forEach(each => each.textContent = 'Set')");
                browser.value("document.getElementById('question').textContent = 'Sure?'");
                browser.value("document.getElementById('ask').showModal()");
                assertThat(browser.value(WEAK)).as("%s, asked", scheme).matches("\\d{3,4} seen: ");
                browser.value("document.getElementById('ask').close()");
            }
        }
    }

    @Test
    void whoResignsIsAskedFirst() throws Exception {
        Endpoint here = new Endpoint(InetAddress.getLoopbackAddress(), Site.freePort());
        ByteArrayOutputStream logged = new ByteArrayOutputStream();
        WillingCommands commands = new WillingCommands();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                DoorLoop loop = new DoorLoop();
                Log log =
                        Log.open(
                                new LogSettings(LogSettings.Level.INFO, LogSettings.Format.TEXT),
                                new PrintStream(logged, true, StandardCharsets.UTF_8));
                StatsDoor _ =
                        new StatsDoor(
                                loop,
                                new StatsSettings(
                                        here,
                                        Optional.of(
                                                new Users(
                                                        Map.of(
                                                                "ops",
                                                                new Secret(
                                                                        "$apr1$DY7C/G3Z$t6Ngn2PIwNhQKnoNcP8sx/")))),
                                        true),
                                commands.api(threads).stats(log),
                                log);
                Browser browser = new Browser(directory)) {
            browser.open("http://ops:secret@127.0.0.1:" + here.port() + "/");
            PageInBrowserTest.press(browser, "Resign web");
            browser.awaitTrue("document.getElementById('ask').open");
            assertThat(browser.value("document.getElementById('question').textContent"))
                    .startsWith("Have router web resign?");
            assertThat(commands.done).isEmpty();
            browser.value("document.querySelector('#ask button[value=yes]').focus()");
            browser.key("Enter");
            browser.awaitTrue(
                    "document.querySelector('#said p').textContent.includes('resign web')");
            assertThat(commands.done).containsExactly("resign web");
            PageInBrowserTest.press(browser, "Resume web");
            browser.awaitTrue("document.getElementById('ask').open");
            browser.key("Escape");
            browser.awaitTrue("!document.getElementById('ask').open");
            assertThat(commands.done).containsExactly("resign web");
        }
    }
}
