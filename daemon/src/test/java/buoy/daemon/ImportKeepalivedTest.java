package buoy.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import buoy.config.ConfigFile;
import buoy.config.Reading;
import buoy.config.model.Config;
import buoy.config.model.Pool;
import buoy.config.model.Prefix;
import buoy.config.model.VirtualRouter;
import buoy.config.model.VirtualRouter.Announce;
import buoy.config.model.VirtualRouter.Reach;
import buoy.config.model.VirtualRouter.Track;
import buoy.config.model.VirtualRouter.Version;
import buoy.daemon.imports.Imported;
import buoy.daemon.imports.Importer;
import buoy.daemon.imports.Source;
import buoy.daemon.imports.draft.Remark;
import buoy.daemon.imports.draft.Unparsable;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a keepalived.conf comes to, by value: as Buoy itself reads it, on each host. */
class ImportKeepalivedTest {
    private static final Path FILES = Path.of("src/test/resources/imports/keepalived");

    private static Imported imported(String... texts) throws Unparsable {
        List<Source> sources = new ArrayList<>();
        for (int i = 0; i < texts.length; i++) {
            String name = texts[i].contains("frontend") ? "haproxy" : "keepalived";
            sources.add(new Source("%s-%d.conf".formatted(name, i + 1), texts[i]));
        }
        return Importer.run(sources, Optional.empty(), new FakeSurroundings(Map.of()));
    }

    private static Source file(String name) throws IOException {
        return new Source(name, Files.readString(FILES.resolve(name)));
    }

    private static Config config(Imported imported, String host) {
        Reading reading = ConfigFile.judge("buoy.yaml", imported.yaml(), host);
        assertThat(reading).as(imported.yaml()).isInstanceOf(Reading.Accepted.class);
        return ((Reading.Accepted) reading).config();
    }

    private static VirtualRouter router(Config config, String name) {
        return Objects.requireNonNull(config.routers().get(name), name);
    }

    /** An instance with one address, and these lines besides. */
    private static String instance(String lines) {
        return """
            vrrp_instance web {
              interface eth0
              virtual_router_id 51
              virtual_ipaddress {
                198.51.100.100/24
              }
              %s
            }
            """
                .formatted(lines);
    }

    private static VirtualRouter routerWith(String lines) throws Unparsable {
        return router(config(imported(instance(lines)), "here"), "web");
    }

    private static List<String> left(Imported imported) {
        return imported.remarks().stream()
                .filter(r -> r.kind() == Remark.Kind.LEFT)
                .map(Remark::toString)
                .toList();
    }

    @Test
    void theFilesOfTwoHostsBecomeOne() throws Exception {
        Imported imported =
                Importer.run(
                        List.of(file("lb1/keepalived.conf"), file("lb2/keepalived.conf")),
                        Optional.empty(),
                        new FakeSurroundings(Map.of()));

        VirtualRouter one = router(config(imported, "lb1"), "VI_1");
        VirtualRouter two = router(config(imported, "lb2"), "VI_1");
        assertThat(one.interfaceName()).isEqualTo("eth0");
        assertThat(one.routerId()).isEqualTo(51);
        // 101 and a weight of 2 while haproxy lives.
        assertThat(one.priority()).isEqualTo(103);
        assertThat(two.priority()).isEqualTo(102);
        assertThat(one.version()).isEqualTo(Version.V2);
        assertThat(one.advertise()).isEqualTo(Duration.ofSeconds(1));
        assertThat(one.startDelay()).isEqualTo(Duration.ofSeconds(5));
        assertThat(one.addresses())
                .extracting(Prefix::toString)
                .containsExactly("198.51.100.100/24", "198.51.100.101/32");
        assertThat(one.extraAddresses())
                .extracting(Prefix::toString)
                .containsExactly("2001:db8:77::100/64");
        assertThat(one.routes()).hasSize(2);
        assertThat(one.rules()).hasSize(1);
        assertThat(one.password().orElseThrow().text()).isEqualTo("s3cret!!");
        assertThat(one.reach())
                .isEqualTo(
                        new Reach.Unicast(
                                List.of(InetAddress.ofLiteral("198.51.100.2")),
                                Optional.of(InetAddress.ofLiteral("198.51.100.1")),
                                255,
                                255));
        assertThat(two.reach())
                .isEqualTo(
                        new Reach.Unicast(
                                List.of(InetAddress.ofLiteral("198.51.100.1")),
                                Optional.of(InetAddress.ofLiteral("198.51.100.2")),
                                255,
                                255));
        assertThat(one.announce().refresh()).isEqualTo(Duration.ofMinutes(1));
        assertThat(one.tracks())
                .containsExactly(
                        new Track.InterfaceDown("eth1", OptionalInt.of(-30)),
                        new Track.ProcessGone("haproxy", OptionalInt.of(-2)),
                        new Track.Script(
                                List.of("/usr/local/bin/check-disk", "/var/lib my data", "--fast"),
                                Duration.ofSeconds(10),
                                Duration.ofSeconds(3),
                                1,
                                1,
                                OptionalInt.of(-20),
                                Optional.of("nobody")),
                        new Track.Script(
                                List.of(
                                        "/usr/bin/env",
                                        "curl",
                                        "-fsS",
                                        "http://127.0.0.1:8080/health"),
                                Duration.ofSeconds(5),
                                Duration.ofSeconds(5),
                                1,
                                1,
                                OptionalInt.empty(),
                                Optional.of("keepalived_script")),
                        new Track.NumberInFile(Path.of("/run/maintenance"), -3),
                        new Track.ProcessGone("postgres", OptionalInt.of(-30)));
        assertThat(one.notifications().active())
                .containsExactly("/etc/keepalived/master.sh", "to master");
        assertThat(one.notifications().any()).startsWith("/bin/sh", "-c");
        assertThat(one.notifications().user()).contains("keepalived_script");

        VirtualRouter six = router(config(imported, "lb2"), "VI_6");
        assertThat(six.version()).isEqualTo(Version.V3);
        assertThat(six.priority()).isEqualTo(140);
        assertThat(six.preempt()).isFalse();
        assertThat(six.advertise()).isEqualTo(Duration.ofMillis(250));
        assertThat(left(imported)).isEmpty();
    }

    @Test
    void linesForSingleHostsBecomeByHost() throws Exception {
        Imported imported =
                Importer.run(
                        List.of(file("template.conf")),
                        Optional.empty(),
                        new FakeSurroundings(Map.of()));

        assertThat(left(imported)).isEmpty();
        for (String host : List.of("lb1", "lb2")) {
            boolean first = host.equals("lb1");
            VirtualRouter router = router(config(imported, host), "gw_1");
            assertThat(router.priority()).isEqualTo(first ? 150 : 100);
            assertThat(router.interfaceName()).isEqualTo("eth1");
            assertThat(router.virtualMac()).isTrue();
            assertThat(router.group()).contains("edge");
            assertThat(router.reach())
                    .isEqualTo(
                            new Reach.Unicast(
                                    List.of(
                                            InetAddress.ofLiteral(
                                                    first ? "203.0.113.2" : "203.0.113.1")),
                                    Optional.of(
                                            InetAddress.ofLiteral(
                                                    first ? "203.0.113.1" : "203.0.113.2")),
                                    255,
                                    255));
            assertThat(router.tracks())
                    .containsExactly(new Track.InterfaceDown("eth9", OptionalInt.empty()));
            assertThat(router.notifications().active())
                    .containsExactly("/etc/keepalived/group.sh", "master");
            assertThat(router.notifications().any().get(2))
                    .contains("GROUP edge $s 0")
                    .contains("/etc/keepalived/stop.sh");
            assertThat(router(config(imported, host), "gw_2").notifications().active()).isEmpty();
        }
    }

    /** What only looks whether HAProxy lives is needless where HAProxy's file is imported, too. */
    @Test
    void whatWatchedHaproxyIsNeedlessBesideItsFile() throws Exception {
        Imported imported =
                imported(
                        """
                        defaults
                            mode http
                        frontend web
                            bind 198.51.100.100:8080
                            default_backend app
                        backend app
                            server s1 198.51.100.11:80
                        """,
                        """
                        vrrp_script a {
                          script "pidof haproxy"
                          weight 20
                        }
                        vrrp_script b {
                          script "/usr/bin/curl -s http://localhost:8080/"
                        }
                        vrrp_script c {
                          script "/usr/bin/curl -s http://localhost:8008/primary"
                        }
                        """
                                + instance("priority 100\n track_script {\n a\n b\n c\n }"));

        Config config = config(imported, "here");
        VirtualRouter web = router(config, "web");
        assertThat(web.priority()).isEqualTo(120);
        assertThat(web.tracks()).hasSize(1);
        assertThat(((Track.Script) web.tracks().getFirst()).command())
                .contains("http://localhost:8008/primary");
        assertThat(config.listeners()).hasSize(1);
        assertThat(imported.remarks().stream().filter(r -> r.text().contains("needless")))
                .hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({
        // while well, amiss: keepalived's words, the priority here, the weight here
        "weight 10,          110, -10",
        "weight -10,         100, -10",
        "weight 10 reverse,   90,  10",
        "weight -10 reverse, 100,  10",
    })
    void aWeightIsWrittenAsThatOfWhatIsAmiss(String weight, int priority, int here)
            throws Exception {
        VirtualRouter router =
                routerWith("priority 100\n track_interface {\n eth1 %s\n }".formatted(weight));
        assertThat(router.priority()).isEqualTo(priority);
        assertThat(router.tracks())
                .containsExactly(new Track.InterfaceDown("eth1", OptionalInt.of(here)));
    }

    @ParameterizedTest
    @CsvSource({
        "killall -0 haproxy, haproxy",
        "/usr/bin/killall -0 nginx, nginx",
        "/bin/pidof haproxy, haproxy",
        "pgrep -x nginx >/dev/null 2>&1, nginx",
        "systemctl is-active --quiet haproxy.service, haproxy",
        "/bin/kill -0 $(cat /run/haproxy.pid), haproxy",
        "killall -0 postgres || exit 1, postgres",
    })
    void aScriptThatLooksForAProcessBecomesOne(String script, String process) throws Exception {
        Imported imported =
                imported(
                        "vrrp_script s {\n script \"%s\"\n }\n".formatted(script)
                                + instance("track_script {\n s\n }"));
        assertThat(router(config(imported, "here"), "web").tracks())
                .containsExactly(new Track.ProcessGone(process, OptionalInt.empty()));
    }

    @ParameterizedTest
    @CsvSource({
        "/usr/bin/check --all, /usr/bin/check|--all",
        "check 'a b', /usr/bin/env|check|a b",
        "</dev/tcp/127.0.0.1/80, /bin/sh|-c|</dev/tcp/127.0.0.1/80",
        "systemctl is-active pg, /usr/bin/env|systemctl|is-active|pg",
    })
    void otherScriptsAreRunAsTheyAre(String script, String argv) throws Exception {
        Imported imported =
                imported(
                        "vrrp_script s {\n script \"%s\"\n }\n".formatted(script)
                                + instance("track_script {\n s\n }"));
        Track.Script track =
                (Track.Script) router(config(imported, "here"), "web").tracks().getFirst();
        assertThat(String.join("|", track.command())).isEqualTo(argv);
    }

    @Test
    void stateMasterTakesNopreemptAwayAsInKeepalived() throws Exception {
        assertThat(routerWith("state MASTER\n nopreempt").preempt()).isTrue();
        assertThat(routerWith("state BACKUP\n nopreempt").preempt()).isFalse();
        assertThat(routerWith("state BACKUP\n preempt_delay 2.5").preemptDelay())
                .isEqualTo(Duration.ofMillis(2500));
        assertThat(routerWith("state MASTER\n preempt_delay 2.5").preemptDelay())
                .isEqualTo(Duration.ZERO);
    }

    @Test
    void timesAreRoundedToWhatTheVersionHas() throws Exception {
        assertThat(routerWith("advert_int 0.5").advertise()).isEqualTo(Duration.ofSeconds(1));
        assertThat(routerWith("version 3\n advert_int 0.5").advertise())
                .isEqualTo(Duration.ofMillis(500));
        assertThat(routerWith("version 3\n advert_int 0.123").advertise())
                .isEqualTo(Duration.ofMillis(120));
    }

    @Test
    void gratuitousArpIsSpreadOverTheSameTime() throws Exception {
        assertThat(routerWith("garp_master_delay 10\n garp_master_repeat 2").announce())
                .isEqualTo(new Announce(2, Duration.ofSeconds(5), Duration.ZERO));
        assertThat(routerWith("garp_master_repeat 1\n garp_master_refresh 90").announce())
                .isEqualTo(new Announce(1, Duration.ofSeconds(1), Duration.ofSeconds(90)));
    }

    @Test
    void weightsOfMembersOfAGroupAreIgnoredAsInKeepalived() throws Exception {
        String group = "vrrp_sync_group g {\n group {\n web\n }\n %s\n }\n";
        String tracking = instance("priority 100\n track_interface {\n eth1 weight 10\n }");
        VirtualRouter ignoring =
                router(config(imported(group.formatted("") + tracking), "here"), "web");
        VirtualRouter weighing =
                router(
                        config(
                                imported(group.formatted("sync_group_tracking_weight") + tracking),
                                "here"),
                        "web");
        assertThat(ignoring.tracks()).isEmpty();
        assertThat(ignoring.priority()).isEqualTo(100);
        assertThat(weighing.tracks()).hasSize(1);
        assertThat(weighing.priority()).isEqualTo(110);
    }

    @Test
    void programsGetTheArgumentsThatKeepalivedGives() throws Exception {
        List<String> any =
                routerWith("notify \"/etc/notify.sh 'a b'\"\n notify_stop /etc/stop")
                        .notifications()
                        .any();
        assertThat(any)
                .containsExactly(
                        "/bin/sh",
                        "-c",
                        "case $3 in active) s=MASTER;; backup) s=BACKUP;; fault) s=FAULT;; *) s=STOP;; esac; "
                                + "if [ $s = STOP ]; then /etc/stop; fi; /etc/notify.sh 'a b' INSTANCE web $s $4",
                        "notify");
    }

    @Test
    void whatIsIncludedIsRead() throws Exception {
        FakeSurroundings around =
                new FakeSurroundings(
                        Map.of(
                                "/etc/keepalived/conf.d/a.conf",
                                instance("priority 77"),
                                "/etc/keepalived/conf.d/b.conf",
                                "global_defs {\n vrrp_version 3\n}"));
        Imported imported =
                Importer.run(
                        List.of(
                                new Source(
                                        "/etc/keepalived/keepalived.conf",
                                        "include conf.d/*.conf\ninclude missing.conf\nglobal_defs {\n}")),
                        Optional.empty(),
                        around);
        VirtualRouter router = router(config(imported, "here"), "web");
        assertThat(router.priority()).isEqualTo(77);
        assertThat(router.version()).isEqualTo(Version.V3);
        assertThat(left(imported))
                .containsExactly(
                        "/etc/keepalived/keepalived.conf:2: include missing.conf: no such file can be read here (import where the files are)");
    }

    @Test
    void aFileThatIncludesItselfIsRefused() {
        FakeSurroundings around =
                new FakeSurroundings(Map.of("/etc/k.conf", "include k.conf\nglobal_defs {\n}"));
        assertThatThrownBy(
                        () ->
                                Importer.run(
                                        List.of(
                                                new Source(
                                                        "/etc/k.conf",
                                                        "include k.conf\nglobal_defs {\n}")),
                                        Optional.empty(),
                                        around))
                .isInstanceOf(Unparsable.class)
                .hasMessageContaining("deep");
    }

    /** No remark ever has it. */
    @Test
    void passwordsAreNotRepeated() throws Exception {
        Imported imported =
                imported(
                        instance(
                                "version 3\n authentication {\n auth_type PASS\n auth_pass topsecret\n }"));
        assertThat(imported.remarks().toString()).doesNotContain("topsec");
        assertThat(imported.yaml()).doesNotContain("topsec");
    }

    @Test
    void whatIsOnlyOnOneHostIsSaid() throws Exception {
        Imported imported =
                imported(
                        instance("priority 150\n notify_master /etc/only"),
                        instance("priority 100"));
        assertThat(router(config(imported, "1"), "web").priority()).isEqualTo(150);
        assertThat(router(config(imported, "2"), "web").priority()).isEqualTo(100);
        assertThat(left(imported)).hasSize(1).first().asString().contains("on 1 alone");
    }

    @Test
    void blocksMayStandOnOneLineOrHaveTheirBraceOnTheNext() throws Exception {
        VirtualRouter router =
                router(
                        config(
                                imported(
                                        """
                                        vrrp_instance web
                                        {
                                          interface eth0 ! the link
                                          virtual_router_id 51
                                          authentication { auth_type PASS
                                            auth_pass "a#b!c" }
                                          virtual_ipaddress { 198.51.100.100/24 }
                                        }
                                        """),
                                "here"),
                        "web");
        assertThat(router.password().orElseThrow().text()).isEqualTo("a#b!c");
    }

    @Test
    void aVirtualServerBecomesAListenerWithAPool() throws Exception {
        Imported imported =
                Importer.run(
                        List.of(file("ipvs.conf")),
                        Optional.empty(),
                        new FakeSurroundings(Map.of()));
        Config config = config(imported, "here");

        assertThat(config.listeners()).containsOnlyKeys("198.51.100.200-80", "198.51.100.200-53");
        assertThat(imported.yaml())
                .contains("bind: [\"198.51.100.200:80\"]\n    protocol: tcp")
                .contains("bind: [\"198.51.100.200:53\"]\n    protocol: udp")
                .contains("balance: source-hash");
        Pool web = Objects.requireNonNull(config.pools().get("198.51.100.200-80"));
        assertThat(web.servers())
                .extracting(Pool.Server::name)
                .containsExactly("198.51.100.11:8080", "198.51.100.12:8080", "127.0.0.1:8000");
        assertThat(imported.yaml())
                .contains("address: \"198.51.100.11:8080\", weight: 3, max-connections: 500")
                .contains("address: \"127.0.0.1:8000\", backup: true")
                .contains("balance: least-connections")
                .contains("sticky: {source: true, ttl: 5m}")
                .contains("http: {path: /health, expect: [200, 204]}")
                .contains("every: 6s, timeout: 3s, fall: 3, rise: 1, fast: 2s");
        assertThat(left(imported)).hasSize(1).first().asString().contains("ipvs.conf:53: ");
    }
}
