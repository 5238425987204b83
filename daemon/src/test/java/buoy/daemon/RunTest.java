package buoy.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import buoy.linux.Kernel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program as users run it, in a process of its own; no privilege is needed. */
class RunTest {
    @TempDir Path directory;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private ExitCode ask(Site site, String... command) {
        String[] args = java.util.Arrays.copyOf(command, command.length + 2);
        args[command.length] = "--socket";
        args[command.length + 1] = site.socket.toString();
        return run(args);
    }

    private ExitCode run(String... args) {
        out.reset();
        err.reset();
        return new Main(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        Map.of())
                .execute(System.nanoTime(), args);
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    @Test
    void itServesAnswersOperatorsKeepsASecondOneAwayAndStops() throws Exception {
        try (Site site = new Site(directory);
                Child buoy = Child.running(directory, site.config)) {
            Child.await("the first served request", () -> get(site.http, "/").statusCode() == 200);

            assertThat(get(site.stats, "/healthz").body()).isEqualTo("ok\n");
            assertThat(get(site.stats, "/metrics").body())
                    .contains("buoy_server_up{pool=\"app\",server=\"a1\"} 1\n");
            assertThat(metric(site, "buoy_start_time_seconds"))
                    .as("it was loaded by the process that runs")
                    .isLessThanOrEqualTo(metric(site, "buoy_configuration_loaded_time_seconds"));
            HttpResponse<String> page = get(site.stats, "/");
            assertThat(page.statusCode()).isEqualTo(200);
            assertThat(page.body()).contains("All is well", "a1");
            assertThat(get(site.stats, "/api/v1/status").body()).contains("\"health\" : \"good\"");
            assertThat(get(site.stats, "/api/v1/reload").statusCode())
                    .as("the stats address changes nothing")
                    .isEqualTo(404);

            assertThat(ask(site, "status")).isEqualTo(ExitCode.DONE);
            assertThat(out()).contains("All is well.", "POOL app: 1 of 1 up");
            assertThat(ask(site, "status", "--json")).isEqualTo(ExitCode.DONE);
            assertThat(out()).startsWith("{");

            String url = "http://127.0.0.1:" + site.http + "/x";
            String file = site.config.toString();
            assertThat(ask(site, "explain", url, "-c", file)).isEqualTo(ExitCode.DONE);
            assertThat(err()).isEmpty();
            assertThat(out())
                    .contains("to a server of pool app", " may take it")
                    .contains("now to a1: the only one that may take it");
            assertThat(ask(site, "server", "drain", "app/a1")).isEqualTo(ExitCode.DONE);
            assertThat(ask(site, "explain", url, "-c", file)).isEqualTo(ExitCode.DONE);
            assertThat(out())
                    .contains(" may not, ordered: drain")
                    .contains("to which cannot be told: no server may take it");
            assertThat(ask(site, "server", "ready", "--json", "app/a1")).isEqualTo(ExitCode.DONE);
            assertThat(out()).startsWith("{\"done\":true,\"said\":");
            assertThat(ask(site, "server", "ready", "--json", "app/none"))
                    .isEqualTo(ExitCode.REFUSED);
            assertThat(out()).startsWith("{\"done\":false,\"said\":");
            assertThat(err()).isEmpty();

            try (Child second =
                    Child.start(directory, Map.of(), "run", "-c", site.config.toString())) {
                assertThat(second.exitCode()).isEqualTo(1);
                assertThat(second.err()).contains("another buoy (process ");
            }
            assertThat(get(site.http, "/").statusCode()).isEqualTo(200);

            assertThat(ask(site, "stop")).isEqualTo(ExitCode.DONE);
            assertThat(buoy.exitCode()).isZero();
            assertThat(site.socket).doesNotExist();
            assertThat(buoy.err()).isEmpty();
        }
    }

    private static double metric(Site site, String name) {
        return get(site.stats, "/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .findFirst()
                .orElseThrow();
    }

    /** As in a container without a network. */
    @Test
    void whereThereIsNoHardwareAddressNothingIsSaidOfIt() throws Exception {
        assumeTrue(Kernel.load().isRoot(), "a network namespace needs root");
        Path java = directory.resolve("java");
        Files.writeString(
                java, "#!/bin/sh\nexec unshare --net %s \"$@\"\n".formatted(Child.java()));
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
        try (Site site = new Site(directory);
                Child buoy =
                        Child.start(
                                java, directory, Map.of(), "run", "-c", site.config.toString())) {
            buoy.awaitLog("ready after");
            assertThat(ask(site, "status", "--check")).isIn(ExitCode.BAD, ExitCode.DEGRADED);
            assertThat(buoy.out() + buoy.err()).doesNotContain("hardware address");
        }
    }

    @Test
    void theStatusIsWatchedUntilTheEnd() throws Exception {
        try (Site site = new Site(directory);
                Child buoy = Child.running(directory, site.config)) {
            CompletableFuture<ExitCode> watch =
                    CompletableFuture.supplyAsync(() -> ask(site, "status", "--watch"));
            Child.await(
                    "the second picture",
                    () -> out().split("POOL app:", -1).length > 2 || watch.isDone());
            assertThat(watch).isNotDone();
            buoy.signal("TERM");
            assertThat(buoy.exitCode()).isZero();
            assertThat(watch.get()).isEqualTo(ExitCode.REFUSED);
            assertThat(err()).startsWith("buoy: ");
        }
    }

    /** As with {@code buoy status --watch | head}: the reader has gone, and no signal tells it. */
    @Test
    void whoeverWatchesForNobodyEnds() throws Exception {
        try (Site site = new Site(directory);
                Child _ = Child.running(directory, site.config)) {
            OutputStream gone =
                    new OutputStream() {
                        @Override
                        public void write(int octet) throws IOException {
                            throw new IOException("Broken pipe");
                        }
                    };
            CompletableFuture<ExitCode> watch =
                    CompletableFuture.supplyAsync(
                            () ->
                                    new Main(new PrintStream(gone), new PrintStream(err), Map.of())
                                            .execute(
                                                    System.nanoTime(),
                                                    "status",
                                                    "--watch",
                                                    "--socket",
                                                    site.socket.toString()));
            Child.await("its end", watch::isDone);
            assertThat(watch.get()).isEqualTo(ExitCode.DONE);
            assertThat(err()).isEmpty();
        }
    }

    private static HttpResponse<String> get(int port, String path) {
        try {
            return Child.get(port, path);
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void whatHappensIsToldAsItHappensUntilItStops() throws Exception {
        try (Site site = new Site(directory);
                // Before the process: it is closed after it, and would wait for its answer.
                HttpClient client = HttpClient.newHttpClient();
                Child buoy = Child.running(directory, site.config)) {
            HttpRequest events =
                    HttpRequest.newBuilder(
                                    URI.create("http://127.0.0.1:" + site.stats + "/api/v1/events"))
                            .header("Last-Event-ID", "of-another-process")
                            .build();
            HttpResponse<InputStream> told =
                    client.send(events, HttpResponse.BodyHandlers.ofInputStream());
            assertThat(told.headers().firstValue("Content-Type")).contains("text/event-stream");
            assertThat(ask(site, "reload")).isEqualTo(ExitCode.DONE);
            assertThat(ask(site, "stop")).isEqualTo(ExitCode.DONE);
            assertThat(buoy.exitCode()).isZero();
            assertThat(new String(told.body().readAllBytes(), StandardCharsets.UTF_8))
                    .containsSubsequence(
                            "retry: 2000\n\n",
                            "event: lost\ndata: {\"reason\":\"restarted\"}\n\n",
                            "event: listener\n",
                            "event: start\n",
                            "event: reload\n",
                            "\"result\":\"applied\"",
                            "event: stop\n",
                            "\"step\":\"stopped\"}\n\n");
        }
    }

    @Test
    void aReloadSaysWhatChangedAsThePageShowsIt() throws Exception {
        try (Site site = new Site(directory)) {
            String before =
                    Files.readString(site.config)
                            .replace("routes:", "timeouts: {idle: 60s}, routes:");
            Files.writeString(site.config, before);
            try (Child buoy = Child.running(directory, site.config)) {
                Files.writeString(
                        site.config,
                        before.replace("60s", "70s")
                                .replace("servers: {", "servers: {app3: \"127.0.0.1:9\", "));
                assertThat(ask(site, "reload")).isEqualTo(ExitCode.DONE);
                Shown.block("operations.md", "reload").is(out());
                buoy.awaitLog("reload: pools.app.servers.app3: added");
            }
        }
    }

    @Test
    void aBadReloadChangesNothingAndAGoodOneHolds() throws Exception {
        try (Site site = new Site(directory);
                Child buoy = Child.running(directory, site.config)) {
            String good = Files.readString(site.config);

            site.write("nowhere");
            assertThat(ask(site, "reload")).isEqualTo(ExitCode.BAD_CONFIGURATION);
            assertThat(err().lines()).singleElement().asString().contains("nowhere");
            assertThat(out()).isEqualTo("not reloaded: what ran goes on\n");
            assertThat(get(site.http, "/").statusCode()).isEqualTo(200);
            ask(site, "status");
            assertThat(out()).contains("DEGRADED configuration: the reload");
            assertThat(ask(site, "status", "--check")).isEqualTo(ExitCode.DEGRADED);
            assertThat(out().lines())
                    .singleElement()
                    .asString()
                    .startsWith("DEGRADED configuration: the reload");

            Files.writeString(site.config, good.replace("every: 1s", "every: 2s"));
            assertThat(run("check", "--diff", "-c", site.config.toString()))
                    .isEqualTo(ExitCode.DONE);
            assertThat(out().lines().skip(1))
                    .satisfiesExactly(
                            line -> assertThat(line).isEqualTo("pools.app.health.every: changed"),
                            line -> assertThat(line).startsWith("a reload would lead to: "));
            assertThat(ask(site, "reload")).isEqualTo(ExitCode.DONE);
            assertThat(out().lines())
                    .satisfiesExactly(
                            line -> assertThat(line).isEqualTo("pools.app.health.every: changed"),
                            line -> assertThat(line).startsWith("reloaded: "));
            buoy.awaitLog("reload: pools.app.health.every: changed");
            assertThat(run("check", "--diff", "-c", site.config.toString()))
                    .isEqualTo(ExitCode.DONE);
            assertThat(out()).contains("nothing changed in the configuration\n");

            Path other =
                    Files.writeString(
                            directory.resolve("other.yaml"),
                            good.replace("every: 1s", "every: 3s"));
            assertThat(run("check", "--diff", "-c", other.toString()))
                    .as("of what a reload does not read nothing is said")
                    .isEqualTo(ExitCode.REFUSED);
            assertThat(out().lines()).singleElement().asString().startsWith(other + ": good: ");
            assertThat(err()).startsWith("buoy: not compared: a reload reads another file (");
            ask(site, "status");
            assertThat(out()).contains("All is well.");
            assertThat(ask(site, "status", "--check")).isEqualTo(ExitCode.WELL);
            assertThat(out()).isEqualTo("GOOD all is well\n");

            buoy.signal("HUP");
            buoy.awaitLog("HUP: reload");
            Child.await(
                    "the third reload in the metrics",
                    () ->
                            get(site.stats, "/metrics")
                                    .body()
                                    .contains("buoy_reloads_total{result=\"applied\"} 2\n"));
            assertThat(get(site.stats, "/metrics").body())
                    .contains("buoy_reloads_total{result=\"rejected\"} 1\n");
        }
    }

    @Test
    void aCheckSaysEachWarningOnceAndThoseOfTheReloadAlone() throws Exception {
        try (Site site = new Site(directory);
                Child _ = Child.running(directory, site.config)) {
            site.add("process", "workers: 2");
            site.add("pools", "blind: {servers: [\"127.0.0.1:1\"]}");
            assertThat(run("check", "--diff", "-c", site.config.toString()))
                    .isEqualTo(ExitCode.DONE);
            assertThat(err().lines())
                    .singleElement()
                    .asString()
                    .matches("warning: .*: pools\\.blind: .*");
            assertThat(out().lines().skip(1))
                    .satisfiesExactly(
                            line -> assertThat(line).startsWith("warning: process.workers: "),
                            line -> assertThat(line).isEqualTo("process.workers: added"),
                            line -> assertThat(line).isEqualTo("pools.blind: added"),
                            line -> assertThat(line).startsWith("a reload would lead to: "));
        }
    }

    @Test
    void aReloadThatTheSystemRefusesChangesNothing() throws Exception {
        try (Site site = new Site(directory);
                java.net.ServerSocket taken =
                        new java.net.ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress());
                Child _ = Child.running(directory, site.config)) {
            String good = Files.readString(site.config);
            int moved = Site.freePort();
            Files.writeString(
                    site.config,
                    good.replace("127.0.0.1:" + site.stats, "127.0.0.1:" + moved)
                            .replace(
                                    "127.0.0.1:" + site.http, "127.0.0.1:" + taken.getLocalPort()));
            assertThat(ask(site, "reload")).isEqualTo(ExitCode.REFUSED);
            assertThat(err()).contains("listeners.web.bind", "in use");
            assertThat(get(site.http, "/").statusCode()).isEqualTo(200);
            assertThat(get(site.stats, "/healthz").statusCode()).isEqualTo(200);

            Files.writeString(
                    site.config, good.replace("127.0.0.1:" + site.stats, "127.0.0.1:" + moved));
            assertThat(ask(site, "reload")).isEqualTo(ExitCode.DONE);
            assertThat(get(moved, "/healthz").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void aStopLetsTheExchangeInFlightFinishAndASecondSignalDoesNot() throws Exception {
        try (Site site = new Site(directory);
                Child buoy = Child.running(directory, site.config)) {
            CompletableFuture<HttpResponse<String>> inFlight =
                    CompletableFuture.supplyAsync(() -> get(site.http, "/slow"));
            site.slowAsked.await();
            buoy.signal("TERM");
            buoy.awaitLog("clients are asked to go");
            assertThat(buoy.alive()).isTrue();
            site.slow.countDown();
            assertThat(inFlight.get().body()).isEqualTo("hello\n");
            assertThat(buoy.exitCode()).isZero();
        }
        try (Site site = new Site(directory);
                Child buoy = Child.running(directory, site.config)) {
            CompletableFuture<HttpResponse<String>> cut =
                    CompletableFuture.supplyAsync(() -> get(site.http, "/slow"));
            site.slowAsked.await();
            buoy.signal("TERM");
            buoy.awaitLog("clients are asked to go");
            buoy.signal("TERM");
            assertThat(buoy.exitCode()).isZero();
            assertThat(buoy.out()).contains("asked again");
            assertThat(
                            cut.handle(
                                            (answer, failure) ->
                                                    failure != null || answer.statusCode() != 200)
                                    .get())
                    .isTrue();
        }
    }

    /** Whoever is idle is not waited for. */
    @Test
    void aStopAsksClientsOnUnixSocketsToGoToo() throws Exception {
        try (Site site = new Site(directory)) {
            Path socket = directory.resolve("web.sock");
            String web = "\"127.0.0.1:" + site.http + '"';
            Files.writeString(
                    site.config,
                    Files.readString(site.config).replace(web, web + ", \"unix:" + socket + '"'));
            site.add("process", "drain: 1h");
            try (Child buoy = Child.running(directory, site.config);
                    SocketChannel idle = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
                idle.write(
                        ByteBuffer.wrap(
                                "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
                                        .getBytes(StandardCharsets.US_ASCII)));
                ByteBuffer answer = ByteBuffer.allocate(8192);
                while (!StandardCharsets.US_ASCII
                        .decode(answer.duplicate().flip())
                        .toString()
                        .endsWith("hello\n")) {
                    assertThat(idle.read(answer)).isPositive();
                }
                buoy.signal("TERM");
                assertThat(buoy.exitCode()).isZero();
                assertThat(idle.read(answer)).isEqualTo(-1);
                assertThat(buoy.out()).doesNotContain("some clients are still there");
            }
        }
    }

    /** With the cookie, if there is one. */
    private static CompletableFuture<HttpResponse<String>> get(
            HttpClient client, Site site, String path, String cookie) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + site.http + path));
        if (!cookie.isEmpty()) {
            request.header("Cookie", cookie);
        }
        return client.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void aFullServerHasALineBeforeItAndAnOperatorTakesItOutAndBack() throws Exception {
        try (Site site = new Site(directory)) {
            String config = Files.readString(site.config);
            Files.writeString(
                    site.config,
                    config.replaceFirst("a1: (.*)}", "a1: {address: $1, max-connections: 1}}")
                            + "    sticky: {cookie: BUOY}\n");
            try (HttpClient client = HttpClient.newHttpClient();
                    Child _ = Child.running(directory, site.config)) {
                Child.await("it to serve", () -> get(site.http, "/").statusCode() == 200);
                CompletableFuture<HttpResponse<String>> holder = get(client, site, "/slow", "");
                site.slowAsked.await();
                CompletableFuture<HttpResponse<String>> next = get(client, site, "/", "");
                Child.await(
                        "one to stand in line",
                        () -> {
                            ask(site, "status");
                            return out().contains("1 waiting");
                        });
                assertThat(out()).contains(" 1/1 ");
                assertThat(next.isDone()).isFalse();
                site.slow.countDown();
                assertThat(holder.get().statusCode()).isEqualTo(200);
                assertThat(next.get().statusCode()).isEqualTo(200);
                String cookie = next.get().headers().firstValue("Set-Cookie").orElseThrow();
                assertThat(cookie).startsWith("BUOY=");
                cookie = cookie.substring(0, cookie.indexOf(';'));

                assertThat(ask(site, "server", "drain", "app/a1")).isEqualTo(ExitCode.DONE);
                assertThat(out()).contains("app/a1 takes nothing new");
                assertThat(ask(site, "reload")).isEqualTo(ExitCode.DONE);
                assertThat(get(client, site, "/", "").get().body()).contains("no-server-up");
                assertThat(get(client, site, "/", cookie).get().statusCode()).isEqualTo(200);
                ask(site, "status");
                assertThat(out()).contains("drains by command");

                assertThat(ask(site, "server", "maintenance", "app/a1")).isEqualTo(ExitCode.DONE);
                assertThat(get(client, site, "/", cookie).get().statusCode()).isEqualTo(503);
                assertThat(ask(site, "server", "weight", "5", "app/a1")).isEqualTo(ExitCode.DONE);
                assertThat(ask(site, "server", "ready", "app/a1")).isEqualTo(ExitCode.DONE);
                assertThat(get(client, site, "/", "").get().statusCode()).isEqualTo(200);
                ask(site, "status");
                assertThat(out()).contains("weight 5 by command").doesNotContain("drains");

                assertThat(ask(site, "server", "drain", "app/a2")).isEqualTo(ExitCode.REFUSED);
                assertThat(err()).contains("there is no server app/a2 (configured: app/a1)");
                assertThat(ask(site, "server", "weight", "257", "app/a1"))
                        .isEqualTo(ExitCode.REFUSED);
                assertThat(err()).contains("a weight is 0..256, not 257");
            }
        }
    }

    @Test
    void sessionsAreListedAndEndedByCommand() throws Exception {
        try (Site site = new Site(directory);
                HttpClient client = HttpClient.newHttpClient();
                Child buoy = Child.running(directory, site.config)) {
            Child.await("it to serve", () -> get(site.http, "/").statusCode() == 200);
            CompletableFuture<HttpResponse<String>> asked = get(client, site, "/slow", "");
            site.slowAsked.await();
            assertThat(ask(site, "sessions", "--server", "app/a1")).isEqualTo(ExitCode.DONE);
            assertThat(out().lines().toList()).hasSize(2);
            String line = out().lines().toList().getLast();
            assertThat(line)
                    .matches(
                            "[0-9a-z]{6}-\\d+-\\d+ +127\\.0\\.0\\.1:\\d+ +\\S+ +http/[12] +app/a1 +exchange .*");
            String id = line.substring(0, line.indexOf(' '));
            assertThat(ask(site, "sessions", "--json", "--limit", "1")).isEqualTo(ExitCode.DONE);
            assertThat(out()).startsWith("{\"matching\":").contains("\"id\":\"");
            assertThat(ask(site, "sessions", "--pool", "none")).isEqualTo(ExitCode.DONE);
            assertThat(out()).isEqualTo("no sessions\n");
            assertThat(ask(site, "sessions", "--limit", "0")).isEqualTo(ExitCode.BAD_USAGE);
            assertThat(err()).isEqualTo("buoy: a limit is 1..10000\n");
            assertThat(ask(site, "sessions", "--kill", "?x")).isEqualTo(ExitCode.BAD_USAGE);
            assertThat(err()).startsWith("buoy: \"?x\" is no session");
            assertThat(get(site.stats, "/api/v1/sessions").statusCode())
                    .as("whose they are is nobody's business there")
                    .isEqualTo(404);

            assertThat(ask(site, "sessions", "--kill", id)).isEqualTo(ExitCode.DONE);
            assertThat(out()).startsWith("session " + id + " is ended: exchange of 127.0.0.1:");
            assertThat(asked.get().statusCode()).isEqualTo(503);
            Child.await(
                    "it to be counted",
                    () ->
                            get(site.stats, "/metrics")
                                    .body()
                                    .lines()
                                    .anyMatch(
                                            each ->
                                                    each.contains("reason=\"killed\"")
                                                            && each.endsWith(" 1")));
            Child.await(
                    "it to be gone", () -> ask(site, "sessions", "--kill", id) == ExitCode.REFUSED);
            assertThat(err()).startsWith("buoy: there is no session " + id);
            assertThat(buoy.out()).contains("session " + id + " is ended");
            Child.await(
                    "it to be among the recent events",
                    () -> get(site.stats, "/").body().contains("session " + id + " is ended"));
            site.slow.countDown();
        }
    }

    @Test
    void anAccessLogComesWithAReloadFollowsItsFileAndGoesWithAnother() throws Exception {
        Path file = directory.resolve("access.log");
        Path old = directory.resolve("access.log.1");
        try (Site site = new Site(directory);
                Child buoy = Child.running(directory, site.config)) {
            Child.await("the first served request", () -> get(site.http, "/").statusCode() == 200);
            String without = Files.readString(site.config);
            Files.writeString(
                    site.config,
                    without.replace(
                            "protocol: http,",
                            "protocol: http, access-log: {format: '${method} ${uri} ${status}', to: %s},"
                                    .formatted(file)));
            assertThat(ask(site, "reload")).isEqualTo(ExitCode.DONE);
            get(site.http, "/one");
            awaitText(file, "GET /one 200\n");

            Files.move(file, old);
            buoy.signal("USR1");
            Child.await("the file made anew", () -> Files.exists(file));
            get(site.http, "/two");
            awaitText(file, "GET /two 200\n");
            assertThat(old).hasContent("GET /one 200\n");

            Files.writeString(site.config, without);
            assertThat(ask(site, "reload")).isEqualTo(ExitCode.DONE);
            get(site.http, "/three");
            assertThat(ask(site, "stop")).isEqualTo(ExitCode.DONE);
            assertThat(buoy.exitCode()).isZero();
            assertThat(file).hasContent("GET /two 200\n");
        }
    }

    private static void awaitText(Path file, String text) {
        Child.await(
                file + " to have " + text.strip(),
                () -> {
                    try {
                        return Files.exists(file) && Files.readString(file).equals(text);
                    } catch (java.io.IOException e) {
                        throw new AssertionError(e);
                    }
                });
    }

    @Test
    void userSignalOneWritesTheStateToTheLogInOneLine() throws Exception {
        try (Site site = new Site(directory);
                Child buoy = Child.running(directory, site.config)) {
            buoy.signal("USR1");
            buoy.awaitLog("state: {\"version\"");
            assertThat(buoy.out().lines().filter(line -> line.contains("state: {")).toList())
                    .singleElement()
                    .asString()
                    .endsWith("}");
        }
    }
}
