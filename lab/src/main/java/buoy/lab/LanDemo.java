package buoy.lab;

import buoy.lab.client.Attempt;
import buoy.lab.client.Attempts;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;

/** The whole story, on hosts in network namespaces: {@code examples/scenario-2} with failures. */
final class LanDemo {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration CALM = Duration.ofSeconds(2);
    private static final String VIP = Scenario2.ADDRESS;

    private final Story story;
    private final Scenario2 scene;
    private final long beginning = System.nanoTime();
    private boolean good = true;

    private LanDemo(Story story, Scenario2 scene) {
        this.story = story;
        this.scene = scene;
    }

    /**
     * What it came to.
     *
     * @param good whether everything went as it should
     * @param firstWrite from Patroni's 200 on {@code /primary} of the new primary to the end of the
     *     first successful write through Buoy
     */
    record Ending(boolean good, Duration firstWrite, Duration total) {}

    /** Tells it. */
    static Ending tell(Story story) {
        story.say("Buoy: two load balancers, one address. Nine hosts in network namespaces,");
        story.say("as in examples/scenario-2; everything on them is real and happens now.");
        story.say("");
        story.say(
                "  client .200 --> 198.51.100.100, on lb1 or lb2 --> app1 .11, app2 .12  HTTP, WebSocket");
        story.say(
                "                                                --> pg1 .21, pg2 .22, pg3 .23  PostgreSQL");
        story.say("                                                    (Patroni, etcd .20)");
        try (Lan lan = Lan.open("demo")) {
            story.say("PostgreSQL 15 under Patroni is starting on three hosts");
            LanDemo demo = new LanDemo(story, new Scenario2(lan));
            return demo.run();
        }
    }

    private Ending run() {
        Running app1 = Scenario2.serve(scene.app1);
        Scenario2.serve(scene.app2);
        BuoyDaemon lb1 = comeUp();
        BuoyDaemon lb2 = BuoyDaemon.start(scene.lb2);
        story.say("Buoy on lb2 too: same file, lower priority, so it waits");
        scene.postgres.awaitReady();
        story.say(
                "PostgreSQL: primary %s, synchronous standby %s"
                        .formatted(
                                scene.postgres.primary().map(Host::name).orElse("?"),
                                scene.postgres.synchronousStandby().map(Host::name).orElse("?")));
        LabClient client = goThrough();
        anApplicationDies(client, app1);
        theActiveHostLosesPower(client, lb1);
        Duration firstWrite = theDatabasePrimaryDies(client);
        theEnd(client, lb2);
        return new Ending(good, firstWrite, Duration.ofNanos(System.nanoTime() - beginning));
    }

    private BuoyDaemon comeUp() {
        story.chapter("The address comes up");
        long start = System.nanoTime();
        BuoyDaemon lb1 = BuoyDaemon.start(scene.lb1);
        Await.until(PATIENCE, VIP + " on lb1", () -> Scenario2.isActive(scene.lb1));
        story.say(
                "lb1 carries %s, %s after `buoy run` started there"
                        .formatted(
                                VIP,
                                Story.milliseconds(Duration.ofNanos(System.nanoTime() - start))));
        return lb1;
    }

    private LabClient goThrough() {
        story.chapter("HTTP, HTTPS, WebSocket and PostgreSQL go through it");
        story.say(
                "%s".formatted(curl("http://" + VIP + ":80/", "%{http_code} to %{redirect_url}")));
        LabClient client =
                LabClient.start(
                        scene.client,
                        List.of("browse", "http", "http://" + VIP + ":8080/", "200"),
                        List.of("browse", "https", "https://" + VIP + "/", "20", scene.authority),
                        List.of("ws", "ws", "wss://" + VIP + "/ws", scene.authority),
                        List.of("pg", "pg", VIP, "5432", "2"),
                        List.of(
                                "watch",
                                "watch",
                                "http://198.51.100.21:8008/primary",
                                "http://198.51.100.22:8008/primary",
                                "http://198.51.100.23:8008/primary"));
        Instant from = Instant.now();
        for (String role : List.of("http", "https", "ws", "pg")) {
            awaitSuccess(client, role, from);
        }
        Instant calm = Instant.now();
        Await.pass(CALM);
        report(client, calm, Instant.now());
        return client;
    }

    private void anApplicationDies(LabClient client, Running app1) {
        story.chapter("An application server dies (SIGKILL on app1)");
        Instant from = Instant.now();
        app1.kill();
        awaitSuccess(client, "ws", Instant.now());
        Await.pass(CALM);
        report(client, from, Instant.now());
        Scenario2.serve(scene.app1);
        Instant back = Instant.now();
        Await.until(
                PATIENCE,
                "answers from app1 again",
                () ->
                        client.attempts("http").successes().all().stream()
                                .anyMatch(
                                        a -> a.start().isAfter(back) && a.detail().equals("app1")));
        story.say("app1 is back and serves again");
    }

    private void theActiveHostLosesPower(LabClient client, BuoyDaemon lb1) {
        story.chapter("The active load balancer loses power (link cut, everything on lb1 killed)");
        story.say("   buoy on lb1 used %s".formatted(memory(lb1)));
        Instant from = Instant.now();
        scene.lb1.cutLink();
        scene.lb1.powerOff();
        Await.until(PATIENCE, VIP + " on lb2", () -> Scenario2.isActive(scene.lb2));
        story.say("lb2 carries %s".formatted(VIP));
        for (String role : List.of("http", "https", "ws", "pg")) {
            awaitSuccess(client, role, Instant.now());
        }
        Await.pass(CALM);
        report(client, from, Instant.now());
    }

    private Duration theDatabasePrimaryDies(LabClient client) {
        Host primary = scene.postgres.primary().orElseThrow(() -> new LabFailed("no primary"));
        story.chapter(
                "The database primary dies whole (%s: Patroni and PostgreSQL, power off)"
                        .formatted(primary));
        Instant from = Instant.now();
        primary.powerOff();
        Instant promoted =
                Await.value(
                        PATIENCE,
                        "Patroni to elect a new primary",
                        () ->
                                client.attempts("watch")
                                        .firstSuccessBegunAfter(from)
                                        .map(Attempt::end));
        story.say(
                "   Patroni answers 200 on /primary of %s after %s (leader key lives %d s)"
                        .formatted(
                                scene.postgres.primary().map(Host::name).orElse("?"),
                                Story.milliseconds(Duration.between(from, promoted)),
                                PatroniCluster.TTL));
        Attempt first = awaitSuccess(client, "pg", promoted.minusMillis(500));
        // The watch asks every 10 ms, Buoy when it is time to: either may see it first.
        Duration behind = Duration.between(promoted, first.end());
        Duration firstWrite = behind.isNegative() ? Duration.ZERO : behind;
        Await.pass(CALM);
        story.say(
                "   the first write through Buoy succeeded %s after that"
                        .formatted(Story.milliseconds(firstWrite)));
        report(client, from, Instant.now());
        return firstWrite;
    }

    private void theEnd(LabClient client, BuoyDaemon lb2) {
        story.chapter("Was anything lost?");
        Attempts all = client.stop();
        Attempts compared = all.of("pg-compare");
        boolean nothingLost = compared.size() == 1 && compared.failures().size() == 0;
        compared.all()
                .forEach(
                        a ->
                                story.say(
                                        "PostgreSQL: %s, missing: %s"
                                                .formatted(
                                                        a.detail(),
                                                        a.succeeded() ? "none" : a.outcome())));
        check(nothingLost, "a row that was acknowledged is missing");
        story.say("Buoy on lb2 uses %s".formatted(memory(lb2)));
        Predicate<String> trace = line -> line.contains("Exception") || line.startsWith("\tat ");
        check(lb2.process().output().lines().noneMatch(trace), "an exception in the log of lb2");
        story.say(good ? "All as it should be." : "Not all went as it should: see above.");
    }

    private void report(LabClient client, Instant from, Instant to) {
        story.fared("HTTP, 200 a second", client.attempts("http"), from, to);
        story.fared("HTTPS, 20 a second", client.attempts("https"), from, to);
        story.fared("WebSocket echo, one", client.attempts("ws"), from, to);
        story.fared("PostgreSQL writes, one after other", client.attempts("pg"), from, to);
    }

    private void check(boolean holds, String otherwise) {
        if (!holds) {
            good = false;
            story.say("   NOT GOOD: %s".formatted(otherwise));
        }
    }

    private static Attempt awaitSuccess(LabClient client, String role, Instant since) {
        return Await.value(
                PATIENCE,
                "a success of " + role,
                () -> client.attempts(role).firstSuccessBegunAfter(since));
    }

    private String curl(String url, String format) {
        String answer =
                scene.client
                        .run(
                                "curl",
                                "--silent",
                                "--max-time",
                                "5",
                                "-o",
                                "/dev/null",
                                "-w",
                                format,
                                url)
                        .orFail();
        return "GET " + url + " answers " + answer;
    }

    private static String memory(BuoyDaemon daemon) {
        return daemon.process().residentKib() / 1024 + " MiB resident";
    }
}
