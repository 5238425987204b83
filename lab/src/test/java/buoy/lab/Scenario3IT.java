package buoy.lab;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.lab.client.Attempts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The file of examples/scenario-3 as it stands, and what docs/scenario-3.md has its reader do:
 * sign-on that survives its node, the move to the other cluster by weights, the drill.
 */
@BesideOthers
@Needs(
        value = {"openssl", "python3"},
        buoy = true)
class Scenario3IT {
    private static final String VIP = Scenario2.ADDRESS;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String APP = "https://app.example.com/";
    private static final String SIGN_ON =
            "https://sso.example.com/realms/demo/protocol/openid-connect/auth";

    /** A browser for each of these has its cookies in a file of that name. */
    private static final List<String> VISITORS = List.of("ann", "bob", "cy", "dee", "eve", "fay");

    @TempDir Path shared;

    private record Scene(Host lb1, Host lb2, Host client) {
        /** A command on both hosts, as the guide has it: they do not tell each other. */
        void both(String... command) {
            for (Host host : List.of(lb1, lb2)) {
                buoy(host, command);
            }
        }

        /** What a browser gets: its cookies are kept and sent. */
        String get(String visitor, String url) {
            String jar = "/run/" + visitor;
            return client.run("curl", "-sS", "--max-time", "10", "-c", jar, "-b", jar, url)
                    .orFail();
        }

        /** Which server answers somebody who was never here. */
        String server(String url) {
            return field(client.run("curl", "-sS", "--max-time", "10", url).orFail(), "server");
        }
    }

    private static String buoy(Host host, String... command) {
        List<String> argv = new ArrayList<>(List.of(BuoyDaemon.program()));
        argv.addAll(List.of(command));
        return host.run(argv.toArray(String[]::new)).orFail();
    }

    private static String field(String json, String name) {
        return json.replaceFirst("(?s).*\"" + name + "\": \"?([^\",}]*).*", "$1");
    }

    @Test
    void signOnSurvivesItsNodeWorkMovesByWeightsAndAHostMayDie() throws IOException {
        try (Lan lan = Lan.open("scenario3")) {
            Host lb1 = lan.host("lb1", "198.51.100.1/24");
            Host lb2 = lan.host("lb2", "198.51.100.2/24");
            Host client = lan.host("client", "198.51.100.200/24");
            Certificates.install(
                    lan, List.of(lb1, lb2), List.of("DNS:app.example.com", "DNS:sso.example.com"));
            String authority = Certificates.trust(lan, client);
            share(lan);
            for (Host lb : List.of(lb1, lb2)) {
                lb.write("/etc/buoy/tls/ca.crt", Files.readString(shared.resolve("ca.crt")));
                lb.write(BuoyDaemon.CONFIGURATION, Tree.example("scenario-3/buoy.yaml"));
            }
            client.write(
                    "/etc/hosts",
                    "127.0.0.1 localhost\n" + VIP + " app.example.com sso.example.com\n");
            client.run("sh", "-c", "cat " + authority + " >>/etc/ssl/certs/ca-certificates.crt")
                    .orFail();
            serve(lan.host("app-a", "198.51.100.11/24"), "app");
            serve(lan.host("app-b", "198.51.100.12/24"), "app");
            Running ssoA = serve(lan.host("sso-a", "198.51.100.21/24"), "sso");
            Running ssoB = serve(lan.host("sso-b", "198.51.100.22/24"), "sso");
            BuoyDaemon first = BuoyDaemon.start(lb1);
            Await.until(PATIENCE, VIP + " on lb1", () -> Scenario2.isActive(lb1));
            BuoyDaemon.start(lb2);
            Scene scene = new Scene(lb1, lb2, client);
            awaitAllUp(scene);

            hostsAreToldApartAndServersAreTold(scene);
            signOnStays(scene, ssoA, ssoB);
            LabClient load =
                    LabClient.start(client, List.of("browse", "app", APP, "20", authority));
            workMovesByWeights(scene);
            drill(scene, first, load);
        }
    }

    /** What the origins need of the lab's certificates, where all hosts can read it. */
    private void share(Lan lan) throws IOException {
        Files.createDirectory(shared.resolve("sessions"));
        for (String file : List.of("ca.crt", "site.crt", "site.key")) {
            Files.copy(lan.directory().resolve("certificates").resolve(file), shared.resolve(file));
        }
        Files.writeString(shared.resolve("origin.py"), Resources.text("origin.py"));
    }

    private Running serve(Host host, String kind) {
        Running origin =
                host.start(
                        kind,
                        "python3",
                        shared.resolve("origin.py").toString(),
                        host.name(),
                        kind,
                        shared.toString());
        origin.awaitOutput("serving", PATIENCE);
        return origin;
    }

    private static void awaitAllUp(Scene scene) {
        for (Host host : List.of(scene.lb1, scene.lb2)) {
            for (String pool : List.of("app", "sso")) {
                Await.until(
                        PATIENCE,
                        "both servers of " + pool + " on " + host,
                        () -> buoy(host, "status").contains("POOL " + pool + ": 2 of 2 up"));
            }
        }
    }

    private static void hostsAreToldApartAndServersAreTold(Scene scene) {
        assertThat(scene.server(APP)).startsWith("app-");
        String signOn =
                scene.client
                        .run("curl", "-sS", "-H", "X-Forwarded-Host: evil.example", SIGN_ON)
                        .orFail();
        assertThat(field(signOn, "server")).startsWith("sso-");
        assertThat(field(signOn, "issuer")).isEqualTo("https://sso.example.com/realms/demo");
        assertThat(signOn)
                .contains("\"x-forwarded-for\": \"198.51.100.200\"")
                .contains("\"x-forwarded-port\": \"443\"");
        assertThat(
                        scene.client
                                .run(
                                        "curl",
                                        "-sS",
                                        "-o",
                                        "/dev/null",
                                        "-w",
                                        "%{http_code}",
                                        "--connect-to",
                                        "::" + VIP + ":443",
                                        "-k",
                                        "https://other.example.com/")
                                .orFail())
                .isEqualTo("404");
    }

    private void signOnStays(Scene scene, Running ssoA, Running ssoB) {
        Set<String> nodes = new TreeSet<>();
        List<String> sessions = new ArrayList<>();
        for (String visitor : VISITORS) {
            String began = scene.get(visitor, SIGN_ON);
            assertThat(field(began, "began")).isEqualTo("true");
            nodes.add(field(began, "server"));
            sessions.add(field(began, "session"));
            for (int i = 0; i < 3; i++) {
                String again = scene.get(visitor, SIGN_ON);
                assertThat(field(again, "server")).isEqualTo(field(began, "server"));
                assertThat(field(again, "session")).isEqualTo(field(began, "session"));
                assertThat(field(again, "began")).isEqualTo("false");
            }
        }
        assertThat(nodes).containsExactly("sso-a", "sso-b");
        assertThat(ssoB.isAlive()).isTrue();

        ssoA.kill();
        for (int i = 0; i < VISITORS.size(); i++) {
            String after = scene.get(VISITORS.get(i), SIGN_ON);
            assertThat(field(after, "server")).isEqualTo("sso-b");
            assertThat(field(after, "session")).as(VISITORS.get(i)).isEqualTo(sessions.get(i));
            assertThat(field(after, "began")).isEqualTo("false");
        }
    }

    /** Cluster B is new: it gets nothing, then a share, then all of what is new; nobody is cut. */
    private static void workMovesByWeights(Scene scene) {
        scene.both("server", "weight", "0", "app/app-b");
        assertThat(servers(scene, 12)).containsExactly("app-a");
        String stays = field(scene.get("gus", APP), "server");
        assertThat(stays).isEqualTo("app-a");

        scene.both("server", "weight", "1", "app/app-b");
        assertThat(servers(scene, 12)).containsExactly("app-a", "app-b");

        scene.both("server", "drain", "app/app-a");
        assertThat(servers(scene, 12)).containsExactly("app-b");
        assertThat(field(scene.get("gus", APP), "server")).isEqualTo("app-a");

        scene.both("server", "maintenance", "app/app-a");
        assertThat(field(scene.get("gus", APP), "server")).isEqualTo("app-b");
        scene.both("server", "ready", "app/app-a");
        assertThat(field(scene.get("gus", APP), "server")).isEqualTo("app-b");
    }

    private static Set<String> servers(Scene scene, int visits) {
        Set<String> seen = new TreeSet<>();
        for (int i = 0; i < visits; i++) {
            seen.add(scene.server(APP));
        }
        return seen;
    }

    private static void drill(Scene scene, BuoyDaemon first, LabClient load) {
        Await.until(
                PATIENCE,
                "30 visits while work moved",
                () -> load.attempts("app").successes().size() >= 30);
        assertThat(load.attempts("app").failures().all()).as("failures while work moved").isEmpty();

        String session = field(scene.get("ann", SIGN_ON), "session");
        first.process().kill();
        Await.until(PATIENCE, VIP + " on lb2", () -> Scenario2.isActive(scene.lb2));
        Instant moved = Instant.now();
        Await.until(
                PATIENCE,
                "10 visits by lb2",
                () ->
                        load.attempts("app").successes().all().stream()
                                        .filter(a -> a.start().isAfter(moved))
                                        .count()
                                >= 10);
        assertThat(field(scene.get("gus", APP), "server")).as("Buoy's cookie").isEqualTo("app-b");
        String after = scene.get("ann", SIGN_ON);
        assertThat(field(after, "session")).as("the sign-on").isEqualTo(session);
        assertThat(field(after, "began")).isEqualTo("false");

        Attempts all = load.stop().of("app");
        Figures.say(
                "scenario 3, active host killed: %d of %d visits failed %s"
                        .formatted(all.failures().size(), all.size(), all.failures().reasons()));
        assertThat(all.failures().all())
                .as("failures of visits begun a second after the address had moved")
                .noneMatch(a -> a.start().isAfter(moved.plusSeconds(1)));
    }
}
