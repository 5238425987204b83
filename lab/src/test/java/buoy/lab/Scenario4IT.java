package buoy.lab;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.lab.client.Attempts;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * The files of examples/scenario-4 as they stand, and what docs/scenario-4.md promises: chats end
 * by themselves when their site is drained, and no two sites have the address, whatever link
 * breaks.
 */
@BesideOthers
@Needs(
        value = {"openssl", "etcd"},
        buoy = true)
class Scenario4IT {
    private static final String VIP = Scenario2.ADDRESS;
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    /** Longer than the lease, so that it would have ended. */
    private static final Duration LONGER_THAN_THE_LEASE = Duration.ofSeconds(20);

    private record Scene(Host a, Host b, Host client, String authority) {
        boolean bothHaveIt() {
            // The one that may have just got it is asked first.
            return Scenario2.isActive(b) && Scenario2.isActive(a);
        }

        String server() {
            return client.run(
                            "curl",
                            "-sS",
                            "--max-time",
                            "10",
                            "--cacert",
                            authority,
                            "-o",
                            "/dev/null",
                            "-w",
                            "%header{x-server}",
                            "https://" + VIP + "/")
                    .output();
        }

        Set<String> servers() {
            Set<String> seen = new TreeSet<>();
            for (int i = 0; i < 8; i++) {
                seen.add(server());
            }
            return seen;
        }
    }

    private static String buoy(Host host, String... command) {
        List<String> argv = new ArrayList<>(List.of(BuoyDaemon.program()));
        argv.addAll(List.of(command));
        return host.run(argv.toArray(String[]::new)).orFail();
    }

    @Test
    void chatsEndByThemselvesAndNoTwoSitesHaveTheAddress() {
        try (Lan lan = Lan.open("scenario4")) {
            Host a = lan.host("lb-a", "198.51.100.1/24");
            Host b = lan.host("lb-b", "198.51.100.2/24");
            Host arbiter = lan.host("arbiter", "198.51.100.3/24");
            Host client = lan.host("client", "198.51.100.200/24");
            elect(List.of(a, b, arbiter));
            Certificates.install(lan, List.of(a, b), List.of("IP:" + VIP));
            Scene scene = new Scene(a, b, client, Certificates.trust(lan, client));
            Scenario2.serve(lan.host("a1", "198.51.100.11/24"));
            Scenario2.serve(lan.host("a2", "198.51.100.12/24"));
            Scenario2.serve(lan.host("b1", "198.51.100.21/24"));
            Scenario2.serve(lan.host("b2", "198.51.100.22/24"));
            for (Host lb : List.of(a, b)) {
                lb.write("/etc/buoy/arbiter", Tree.example("scenario-4/arbiter"));
                lb.run("chmod", "755", "/etc/buoy/arbiter").orFail();
            }
            BuoyDaemon.start(a, Tree.example("scenario-4/buoy.yaml"));
            Await.until(PATIENCE, VIP + " on lb-a", () -> Scenario2.isActive(a));
            BuoyDaemon.start(b, Tree.example("scenario-4/buoy.yaml"));
            Await.until(
                    PATIENCE, "the arbiter's word on lb-b", () -> says(b, "lb-a holds the lease"));

            chatsEndByThemselves(scene);
            theLinkBetweenTheSitesBreaks(scene);
            siteAIsAlone(scene);
            theSitesMeetAgain(scene);
            anOperatorMovesTheAddress(scene);
        }
    }

    private static boolean says(Host host, String words) {
        return buoy(host, "status").contains(words);
    }

    private static void elect(List<Host> hosts) {
        StringBuilder members = new StringBuilder();
        for (Host host : hosts) {
            members.append(members.isEmpty() ? "" : ",")
                    .append(host.name())
                    .append("=http://")
                    .append(host.address())
                    .append(":2380");
        }
        for (Host host : hosts) {
            String at = "http://" + host.address();
            host.start(
                    "etcd",
                    "etcd",
                    "--name=" + host.name(),
                    "--data-dir=/run/etcd",
                    "--pre-vote",
                    "--listen-peer-urls=" + at + ":2380",
                    "--initial-advertise-peer-urls=" + at + ":2380",
                    "--listen-client-urls=" + at + ":2379",
                    "--advertise-client-urls=" + at + ":2379",
                    "--initial-cluster=" + members);
        }
        Host last = hosts.getLast();
        Await.until(
                PATIENCE,
                "etcd to have a leader",
                () ->
                        last.run(
                                                "env",
                                                "ETCDCTL_API=3",
                                                "etcdctl",
                                                "--endpoints=http://" + last.address() + ":2379",
                                                "get",
                                                "/buoy/chat")
                                        .exit()
                                == 0);
    }

    private static void chatsEndByThemselves(Scene scene) {
        assertThat(scene.servers()).containsExactly("a1", "a2");
        LabClient chats =
                LabClient.start(
                        scene.client,
                        List.of("ws", "chat1", "wss://" + VIP + "/ws", scene.authority),
                        List.of("ws", "chat2", "wss://" + VIP + "/ws", scene.authority));
        awaitWords(chats, Instant.EPOCH);

        buoy(scene.a, "server", "drain", "chat/a1");
        buoy(scene.a, "server", "drain", "chat/a2");
        assertThat(scene.servers()).containsExactly("b1", "b2");
        awaitWords(chats, Instant.now());
        Attempts said = chats.stop();
        for (String chat : List.of("chat1", "chat2")) {
            assertThat(said.of(chat).failures().all()).as("words lost in " + chat).isEmpty();
            assertThat(said.of(chat + "-open").size()).as("times it was opened").isEqualTo(1);
        }
        buoy(scene.a, "server", "ready", "chat/a1");
        buoy(scene.a, "server", "ready", "chat/a2");
        assertThat(scene.servers()).containsExactly("a1", "a2");
    }

    private static void awaitWords(LabClient chats, Instant since) {
        for (String chat : List.of("chat1", "chat2")) {
            Await.until(
                    PATIENCE,
                    "20 words in " + chat,
                    () ->
                            chats.attempts(chat).successes().all().stream()
                                            .filter(a -> a.start().isAfter(since))
                                            .count()
                                    >= 20);
        }
    }

    /** Neither hears the other; both hear everybody else, the arbiter too. */
    private static void theLinkBetweenTheSitesBreaks(Scene scene) {
        scene.a.separate();
        scene.b.separate();
        Instant end = Instant.now().plus(LONGER_THAN_THE_LEASE);
        while (Instant.now().isBefore(end)) {
            assertThat(Scenario2.isActive(scene.b)).as("site B has the address too").isFalse();
            Await.pass(Duration.ofMillis(200));
        }
        assertThat(Scenario2.isActive(scene.a)).isTrue();
        assertThat(scene.server()).startsWith("a");
    }

    /** Site A hears nobody: it has to go before site B may come. */
    private static void siteAIsAlone(Scene scene) {
        scene.a.isolate();
        long cut = System.nanoTime();
        Await.until(
                PATIENCE,
                VIP + " on lb-b",
                () -> {
                    assertThat(scene.bothHaveIt()).as("both sites have the address").isFalse();
                    return Scenario2.isActive(scene.b);
                });
        Figures.say(
                "scenario 4: site B has the address %s after site A was cut off"
                        .formatted(Figures.ms(Duration.ofNanos(System.nanoTime() - cut))));
        assertThat(Scenario2.isActive(scene.a)).isFalse();
        Await.until(
                PATIENCE, "lb-a to say why", () -> says(scene.a, "no majority of etcd answers"));
        Await.until(PATIENCE, "an answer by lb-b", () -> scene.server().startsWith("a"));
    }

    private static void theSitesMeetAgain(Scene scene) {
        scene.a.rejoin();
        scene.b.rejoin();
        Await.until(
                PATIENCE,
                "lb-a to hear that lb-b has the lease",
                () -> {
                    assertThat(Scenario2.isActive(scene.a)).as("site A took it back").isFalse();
                    return says(scene.a, "lb-b holds the lease");
                });
        assertThat(Scenario2.isActive(scene.b)).isTrue();
    }

    private static void anOperatorMovesTheAddress(Scene scene) {
        scene.b.run("touch", "/run/buoy/standby").orFail();
        Await.until(
                PATIENCE,
                VIP + " on lb-a",
                () -> {
                    assertThat(scene.bothHaveIt()).as("both sites have the address").isFalse();
                    return Scenario2.isActive(scene.a);
                });
        assertThat(says(scene.b, "standing by, as ordered")).isTrue();
    }
}
