package buoy.config;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.AccessLog;
import buoy.config.model.BasicAuth;
import buoy.config.model.Certificate;
import buoy.config.model.Compression;
import buoy.config.model.Compression.Encoding;
import buoy.config.model.Deviation;
import buoy.config.model.Endpoint;
import buoy.config.model.Health;
import buoy.config.model.Listener;
import buoy.config.model.ListenerTls;
import buoy.config.model.LogSettings;
import buoy.config.model.Network;
import buoy.config.model.Password;
import buoy.config.model.Peer;
import buoy.config.model.Pool;
import buoy.config.model.PoolTls;
import buoy.config.model.ProcessSettings;
import buoy.config.model.RateLimit;
import buoy.config.model.Secret;
import buoy.config.model.ServerAddress;
import buoy.config.model.StatsSettings;
import buoy.config.model.Sticky;
import buoy.config.model.TcpOptions;
import buoy.config.model.UnixPath;
import buoy.config.model.VirtualRouter;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written arrives: each key with a value other than its default. */
class WholeFileTest {
    private static <T> T called(String name, Map<String, T> all) {
        return Objects.requireNonNull(all.get(name));
    }

    @Test
    void unixSocketsArrive() {
        var config =
                Written.accepted(
                        """
                        listeners: {raw: {bind: ["198.51.100.100:5432", "unix:/run/buoy/.s.PGSQL.5432"], protocol: tcp, pool: app}}
                        pools: {app: {servers: {a: "unix:/run/app.sock", b: {address: "unix:/run/b.sock", weight: 2}}, health: {http: {}}}}
                        """);

        assertThat(called("raw", config.listeners()).bind())
                .contains(new UnixPath("/run/buoy/.s.PGSQL.5432"));
        assertThat(called("app", config.pools()).servers())
                .extracting(Pool.Server::address)
                .containsExactly(
                        new ServerAddress.Local(new UnixPath("/run/app.sock")),
                        new ServerAddress.Local(new UnixPath("/run/b.sock")));
    }

    @Test
    void settingsArrive() {
        var config =
                Written.accepted(
                        """
                        log: {level: trace, format: json, to: "udp://198.51.100.9:514"}
                        process: {user: buoy, workers: 3, transport: nio, drain: 90s, max-connections: 20000, real-time: false, name-servers: ["198.51.100.53:53", "[2001:db8::53]:5353"]}
                        admin: {socket: /tmp/buoy.sock}
                        stats: {bind: "[2001:db8::1]:9000", users: {ops: "{bcrypt}$2y$04$vrKIg1Nvz9b7XuIv8TX5uuKoBD8zIElVZFNAJ6CVVozpXMj/mfbzC"}, actions: true}
                        """);

        assertThat(config.log())
                .isEqualTo(
                        new LogSettings(
                                LogSettings.Level.TRACE,
                                LogSettings.Format.JSON,
                                new AccessLog.Destination.Udp(
                                        new Endpoint(InetAddress.ofLiteral("198.51.100.9"), 514))));
        assertThat(config.process())
                .isEqualTo(
                        new ProcessSettings(
                                Optional.of("buoy"),
                                OptionalInt.of(3),
                                ProcessSettings.Transport.NIO,
                                Duration.ofSeconds(90),
                                OptionalInt.of(20_000),
                                Path.of("/var/lib/buoy"),
                                false,
                                List.of(
                                        new Endpoint(InetAddress.ofLiteral("198.51.100.53"), 53),
                                        new Endpoint(
                                                InetAddress.ofLiteral("2001:db8::53"), 5353))));
        assertThat(config.admin().socket()).hasToString("/tmp/buoy.sock");
        assertThat(config.stats())
                .isEqualTo(
                        new StatsSettings(
                                new Endpoint(InetAddress.ofLiteral("2001:db8::1"), 9000),
                                Optional.of(
                                        new BasicAuth.Users(
                                                Map.of(
                                                        "ops",
                                                        new Secret(
                                                                "$2y$04$vrKIg1Nvz9b7XuIv8TX5uuKoBD8zIElVZFNAJ6CVVozpXMj/mfbzC")))),
                                true));
    }

    @Test
    void aRouterArrives() {
        var config =
                Written.accepted(
                        """
                        vrrp:
                          web:
                            interface: bond0.17
                            router-id: 7
                            priority: 200
                            version: 3
                            advertise: 250ms
                            preempt: true
                            preempt-delay: 1m
                            start-delay: 15s
                            addresses: ["2001:db8:77::100/64", "2001:db8:77::101/128"]
                            extra-addresses: [198.51.100.110/32]
                            routes:
                              - {to: 203.0.113.0/24, via: 198.51.100.254, source: 198.51.100.110, interface: eth1, table: 100, metric: 50}
                              - {to: default, via: "2001:db8:77::1"}
                              - {to: "2001:db8:88::1", table: local}
                            rules:
                              - {from: 198.51.100.110, to: 203.0.113.0/24, table: 100, priority: 1000}
                              - {to: "2001:db8:88::/48", table: default, priority: 1001}
                            unicast: {peers: ["2001:db8::2"], source: "2001:db8::1", ttl: 64, min-ttl: 60}
                            virtual-mac: true
                            accept: false
                            group: edge
                            lifetime: 2s
                            announce: {repeat: 3, every: 500ms, refresh: 1m}
                            track:
                              - {pool: app, fault-below: 1}
                              - {pool: app, below: 2, weight: -60}
                              - {listener: raw, weight: -100}
                              - {listener: raw}
                              - {interface: eth1, weight: -50}
                              - {script: [/usr/local/bin/check, --fast], every: 3s, timeout: 500ms, fall: 2, rise: 4, weight: -20, user: nobody}
                              - {script: [/usr/local/bin/check]}
                              - {file: /run/buoy/maintenance, weight: -1}
                              - {process: postgres, weight: -30}
                            notify: {active: [/n, a], backup: [/n, b], fault: [/n, f], any: [/any], timeout: 10s, user: buoy}
                        listeners: {raw: {bind: ["198.51.100.100:1883"], protocol: tcp, pool: app}}
                        pools: {app: {servers: [198.51.100.11:5000, 198.51.100.12:5000], health: {tcp: {}}}}
                        """);

        assertThat(config.routers().get("web"))
                .hasToString(
                        "VirtualRouter[name=web, interfaceName=bond0.17, routerId=7, priority=200,"
                                + " version=V3, advertise=PT0.25S, preempt=true, preemptDelay=PT1M,"
                                + " startDelay=PT15S,"
                                + " addresses=[2001:db8:77::100/64, 2001:db8:77::101/128],"
                                + " extraAddresses=[198.51.100.110/32],"
                                + " routes=[FloatingRoute[to=Optional[203.0.113.0/24],"
                                + " via=Optional[/198.51.100.254], source=Optional[/198.51.100.110],"
                                + " interfaceName=Optional[eth1], table=Table[number=100],"
                                + " metric=Optional[50]], FloatingRoute[to=Optional.empty,"
                                + " via=Optional[/2001:db8:77:0:0:0:0:1], source=Optional.empty,"
                                + " interfaceName=Optional.empty, table=Table[number=254],"
                                + " metric=Optional.empty],"
                                + " FloatingRoute[to=Optional[2001:db8:88::1/128],"
                                + " via=Optional.empty, source=Optional.empty,"
                                + " interfaceName=Optional.empty, table=Table[number=255],"
                                + " metric=Optional.empty]],"
                                + " rules=[FloatingRule[from=Optional[198.51.100.110/32],"
                                + " to=Optional[203.0.113.0/24], table=100, priority=1000],"
                                + " FloatingRule[from=Optional.empty, to=Optional[2001:db8:88::/48],"
                                + " table=253, priority=1001]],"
                                + " reach=Unicast[peers=[/2001:db8:0:0:0:0:0:2],"
                                + " sourceAddress=Optional[/2001:db8:0:0:0:0:0:1], ttl=64, minTtl=60],"
                                + " virtualMac=true, accept=false,"
                                + " checksum=COMPATIBLE, lifetime=PT2S, password=Optional.empty,"
                                + " group=Optional[edge], announce=Announce[repeat=3,"
                                + " every=PT0.5S, refresh=PT1M], tracks=[PoolFault[pool=app,"
                                + " faultBelow=1], PoolWeight[pool=app, below=2, weight=-60],"
                                + " ListenerDown[listener=raw, weight=OptionalInt[-100]],"
                                + " ListenerDown[listener=raw, weight=OptionalInt.empty],"
                                + " InterfaceDown[interfaceName=eth1, weight=OptionalInt[-50]],"
                                + " Script[command=[/usr/local/bin/check, --fast], every=PT3S,"
                                + " timeout=PT0.5S, fall=2, rise=4, weight=OptionalInt[-20],"
                                + " user=Optional[nobody]],"
                                + " Script[command=[/usr/local/bin/check], every=PT2S,"
                                + " timeout=PT1S, fall=3, rise=2, weight=OptionalInt.empty,"
                                + " user=Optional.empty],"
                                + " NumberInFile[file=/run/buoy/maintenance, weight=-1],"
                                + " ProcessGone[process=postgres, weight=OptionalInt[-30]]],"
                                + " notifications=Notify[active=[/n, a], backup=[/n, b], fault=[/n, f],"
                                + " any=[/any], timeout=PT10S, user=Optional[buoy]]]");
    }

    @Test
    void versionTwoAndTheStrictChecksumArrive() {
        var config =
                Written.accepted(
                        """
                        vrrp:
                          old: {interface: eth0, router-id: 1, version: 2, advertise: 2s, preempt: false, addresses: [198.51.100.100/24]}
                          strict: {interface: eth0, router-id: 2, checksum: rfc9568, addresses: [198.51.100.101/24]}
                        """);

        assertThat(config.routers().get("old"))
                .extracting("version", "advertise", "preempt")
                .containsExactly(VirtualRouter.Version.V2, Duration.ofSeconds(2), false);
        assertThat(config.routers().get("strict"))
                .extracting("checksum")
                .isEqualTo(VirtualRouter.Checksum.RFC9568);
    }

    @Test
    void bothFamiliesArriveInOneRouter() {
        var config =
                Written.accepted(
                        """
                        vrrp:
                          web:
                            interface: eth0
                            router-id: 51
                            addresses: ["2001:db8:77::100/64", 198.51.100.100/24]
                            unicast: {peers: [198.51.100.2, "2001:db8:77::2"]}
                        """);

        assertThat(config.routers().get("web"))
                .extracting("addresses")
                .hasToString("[2001:db8:77::100/64, 198.51.100.100/24]");
    }

    @Test
    void aPasswordArrivesAndIsNeverShown(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("password"), "in file\n");
        var config =
                Written.accepted(
                        """
                        vrrp:
                          a: {interface: eth0, router-id: 1, version: 2, password: s3cret, addresses: [198.51.100.100/24]}
                          b: {interface: eth0, router-id: 2, version: 2, password-file: %s, addresses: [198.51.100.101/24]}
                          c: {interface: eth0, router-id: 3, version: 2, password: null, addresses: [198.51.100.102/24]}
                        """
                                .formatted(file));

        assertThat(config.routers().values())
                .extracting(router -> router.password().map(Password::text))
                .containsExactly(Optional.of("s3cret"), Optional.of("in file"), Optional.empty());
        assertThat(config.toString()).doesNotContain("s3cret", "in file");
    }

    @Test
    void theOtherHostsArriveAndTheirSecretIsNeverShown(@TempDir Path directory) throws IOException {
        String secret = "0123456789abcdefghijklmnopqrstuvwxyz";
        Path file = Files.writeString(directory.resolve("peer.key"), secret + "\nmore\n");
        var config =
                Written.accepted(
                        """
                        peer: {bind: "198.51.100.1:8405", others: ["198.51.100.2:8405", "[2001:db8::3]:8405"], key-file: %s}
                        vrrp: {web: {interface: eth0, router-id: 51, addresses: [198.51.100.100/24]}}
                        """
                                .formatted(file));

        Peer peer = config.peer().orElseThrow();
        assertThat(peer.bind()).hasToString("198.51.100.1:8405");
        assertThat(peer.others())
                .extracting(Object::toString)
                .containsExactly("198.51.100.2:8405", "[2001:db8::3]:8405");
        assertThat(peer.key().text()).isEqualTo(secret);
        assertThat(config.toString()).doesNotContain(secret);
    }

    @Test
    void whatIsToBeOrderedArrives() {
        var config =
                Written.accepted(
                        """
                        process: {state-directory: /srv/buoy}
                        certificates:
                          auto:
                            acme:
                              directory: https://acme.example/dir
                              names: [App.example.com, www.example.com]
                              contacts: ["mailto:ops@example.com"]
                              key-type: rsa2048
                              ca: /etc/buoy/ca.crt
                        listeners:
                          https: {bind: ["198.51.100.100:443"], protocol: http, tls: {certificates: [auto]}, routes: [{respond: {status: 200}}]}
                        """);

        assertThat(config.certificates().values())
                .containsExactly(
                        new Certificate.Acme(
                                "auto",
                                "https://acme.example/dir",
                                List.of("app.example.com", "www.example.com"),
                                List.of("mailto:ops@example.com"),
                                Certificate.Acme.KeyType.RSA2048,
                                List.of(Certificate.Acme.Challenge.TLS_ALPN_01),
                                Optional.of(Path.of("/etc/buoy/ca.crt")),
                                Path.of("/srv/buoy/acme/auto.pem")));
    }

    @Test
    void certificatesArriveInEveryForm() {
        var config =
                Written.accepted(
                        """
                        certificates:
                          site: {chain: /a.crt, key: /a.key}
                          other: {pem: /b.pem}
                          all: {directory: /sites}
                        vrrp: {web: {interface: eth0, router-id: 51, addresses: [198.51.100.100/24]}}
                        """);

        assertThat(config.certificates().values())
                .containsExactly(
                        new Certificate.Pair("site", Path.of("/a.crt"), Path.of("/a.key")),
                        new Certificate.Bundle("other", Path.of("/b.pem")),
                        new Certificate.Directory("all", Path.of("/sites")));
    }

    @Test
    void anHttpListenerArrives() {
        var config =
                Written.accepted(
                        """
                        certificates:
                          site: {chain: /a.crt, key: /a.key}
                          other: {pem: /b.pem}
                        listeners:
                          web:
                            bind: ["198.51.100.100:443", "[2001:db8:77::100]:443"]
                            protocol: http
                            max-connections: 500
                            trusted-proxies: [203.0.113.0/24]
                            proxy-protocol: true
                            tls: {certificates: [other, site], policy: modern, min-version: TLSv1.3, alpn: [http/1.1], unknown-names: reject, client: {ca: /ca.pem, require: false, crl: /ca.crl}, ocsp: false, tickets: {keys-file: /t.keys, rotate: 1h}}
                            timeouts: {idle: 1s, headers: 2s, body: 3s, tunnel: 1d}
                            tcp: {keep-alive: {every: 9s}}
                            limits: {header-bytes: 8KiB, headers: 50, body: 10MiB, connections-per-client: 20, requests-per-second: {rate: 100, burst: 200, key: "header:X-Key"}}
                            compression: {types: ["Text/*"], min-size: 2KiB, encodings: [zstd, br, gzip]}
                            access-log: {format: "<${status}> ${total-ms}", to: "udp://198.51.100.9:514"}
                            routes:
                              - match: {host: "*.Example.com", path: /api}
                                pool: app
                                limits: {requests-per-second: {rate: 0.2}}
                              - match: {path-exact: /api/}
                                pool: app
                          plain: {bind: ["198.51.100.100:80"], protocol: http, redirect: https}
                        pools: {app: {servers: [198.51.100.11:5000], health: {tcp: {}}}}
                        """);

        assertThat(config.listeners().get("web"))
                .isInstanceOfSatisfying(
                        Listener.Http.class,
                        web -> {
                            assertThat(web.bind())
                                    .extracting(Object::toString)
                                    .containsExactly(
                                            "198.51.100.100:443", "[2001:db8:77::100]:443");
                            assertThat(web.maxConnections()).hasValue(500);
                            assertThat(web.trustedProxies())
                                    .containsExactly(
                                            new Network(InetAddress.ofLiteral("203.0.113.0"), 24));
                            assertThat(web.tls())
                                    .contains(
                                            new ListenerTls(
                                                    List.of("other", "site"),
                                                    ListenerTls.Policy.MODERN,
                                                    Optional.of(ListenerTls.Version.TLS_1_3),
                                                    List.of("http/1.1"),
                                                    ListenerTls.UnknownNames.REJECT,
                                                    Optional.of(
                                                            new ListenerTls.ClientCertificates(
                                                                    Path.of("/ca.pem"),
                                                                    false,
                                                                    Optional.of(
                                                                            Path.of("/ca.crl")))),
                                                    false,
                                                    Optional.of(
                                                            new ListenerTls.Tickets(
                                                                    Optional.of(Path.of("/t.keys")),
                                                                    Duration.ofHours(1)))));
                            assertThat(web.timeouts())
                                    .isEqualTo(
                                            new Listener.HttpTimeouts(
                                                    Duration.ofSeconds(1),
                                                    Duration.ofSeconds(2),
                                                    Duration.ofSeconds(3),
                                                    Duration.ofDays(1)));
                            assertThat(web.limits())
                                    .isEqualTo(
                                            new Listener.HttpLimits(
                                                    8192,
                                                    50,
                                                    OptionalLong.of(10 << 20),
                                                    Optional.of(
                                                            new RateLimit(
                                                                    Duration.ofMillis(10),
                                                                    200,
                                                                    new RateLimit.Key.Header(
                                                                            "x-key")))));
                            assertThat(web.compression())
                                    .contains(
                                            new Compression(
                                                    List.of("text/*"),
                                                    2048,
                                                    List.of(
                                                            Encoding.ZSTD,
                                                            Encoding.BR,
                                                            Encoding.GZIP)));
                            assertThat(web.admission())
                                    .isEqualTo(
                                            new Listener.Admission(
                                                    OptionalInt.of(20),
                                                    web.trustedProxies(),
                                                    new TcpOptions(
                                                            Optional.empty(),
                                                            Optional.of(Duration.ofSeconds(9)),
                                                            OptionalInt.empty(),
                                                            Optional.empty())));
                            assertThat(web.routes())
                                    .extracting(route -> route.guard().rate())
                                    .containsExactly(
                                            Optional.of(
                                                    new RateLimit(
                                                            Duration.ofSeconds(5),
                                                            1,
                                                            new RateLimit.Key.ClientAddress())),
                                            Optional.empty());
                            assertThat(web.accessLog())
                                    .contains(
                                            new AccessLog(
                                                    new AccessLog.Format.Pattern(
                                                            List.of(
                                                                    new AccessLog.Literal("<"),
                                                                    AccessLog.Fact.STATUS,
                                                                    new AccessLog.Literal("> "),
                                                                    AccessLog.Fact.TOTAL_MS)),
                                                    new AccessLog.Destination.Udp(
                                                            new Endpoint(
                                                                    InetAddress.ofLiteral(
                                                                            "198.51.100.9"),
                                                                    514))));
                            assertThat(web.routes())
                                    .extracting(Listener.Route::match)
                                    .containsExactly(
                                            new Listener.Match(
                                                    Optional.of("*.example.com"),
                                                    Optional.of(
                                                            new Listener.PathMatch.Prefix("/api")),
                                                    Listener.Conditions.NONE),
                                            new Listener.Match(
                                                    Optional.empty(),
                                                    Optional.of(
                                                            new Listener.PathMatch.Exact("/api/")),
                                                    Listener.Conditions.NONE));
                        });
        assertThat(config.listeners().get("plain"))
                .isInstanceOfSatisfying(
                        Listener.Http.class,
                        plain ->
                                assertThat(plain.routes())
                                        .containsExactly(
                                                new Listener.Route(
                                                        Listener.Match.ANY,
                                                        new Listener.Action.RedirectToHttps())));
    }

    private static Network network(String address, int length) {
        return new Network(InetAddress.ofLiteral(address), length);
    }

    @Test
    void aMirrorArrives() {
        var config =
                Written.accepted(
                        """
                        listeners:
                          web:
                            bind: ["198.51.100.100:80"]
                            protocol: http
                            routes:
                              - {match: {path: /a}, split: {app: 1}, mirror: next}
                              - {pool: app}
                        pools:
                          app: {servers: [198.51.100.11:5000], health: {tcp: {}}}
                          next: {servers: [198.51.100.12:5000], health: {tcp: {}}}
                        """);

        assertThat(config.listeners().get("web"))
                .isInstanceOfSatisfying(
                        Listener.Http.class,
                        web ->
                                assertThat(web.routes())
                                        .extracting(Listener.Route::mirror)
                                        .containsExactly(Optional.of("next"), Optional.empty()));
    }

    @Test
    void whatRoutesAskArrives() {
        var config =
                Written.accepted(
                        """
                        listeners:
                          web:
                            bind: ["198.51.100.100:80"]
                            protocol: http
                            routes:
                              - match: {path-regex: "/user/[0-9]+", methods: [GET, PURGE], headers: {X-Beta: "1"}, query: {v: "2", w: ""}, client: [203.0.113.0/24, "2001:db8::1"]}
                                pool: app
                        pools: {app: {servers: [198.51.100.11:5000], health: {tcp: {}}}}
                        """);

        assertThat(config.listeners().get("web"))
                .extracting(listener -> ((Listener.Http) listener).routes().getFirst().match())
                .isEqualTo(
                        new Listener.Match(
                                Optional.empty(),
                                Optional.of(
                                        new Listener.PathMatch.Regex(
                                                com.google.re2j.Pattern.compile("/user/[0-9]+"))),
                                new Listener.Conditions(
                                        Set.of("GET", "PURGE"),
                                        Map.of("x-beta", "1"),
                                        Map.of("v", "2", "w", ""),
                                        List.of(
                                                network("203.0.113.0", 24),
                                                network("2001:db8::1", 128)))));
    }

    @Test
    void whatRoutesDoArrives() {
        var config =
                Written.accepted(
                        """
                        listeners:
                          web:
                            bind: ["198.51.100.100:80"]
                            protocol: http
                            routes:
                              - match: {path: /old}
                                redirect: {to: "https://${host}:8443/new?${query}", status: 301}
                              - match: {path: /there}
                                redirect: {to: /here}
                              - match: {path: /blocked}
                                respond: {status: 403, body: "no\\n"}
                              - match: {path: /api}
                                rewrite: {strip-prefix: /api}
                                split: {app: 95, canary: 5}
                                timeouts: {body: 1s, tunnel: 1d, response: 2m, response-idle: 3m}
                        pools:
                          app: {servers: [198.51.100.11:5000], health: {tcp: {}}}
                          canary: {servers: [198.51.100.12:5000], health: {tcp: {}}}
                        """);

        assertThat(config.listeners().get("web"))
                .extracting(
                        listener ->
                                ((Listener.Http) listener)
                                        .routes().stream()
                                                .map(r -> r.action() + " " + r.timeouts())
                                                .map(text -> text.replace("Optional.empty", "-"))
                                                .toList())
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.LIST)
                .containsExactly(
                        "Redirect[to=Template[parts=[Literal[text=https://], HOST,"
                                + " Literal[text=:8443/new?], QUERY]], status=301]"
                                + " RouteTimeouts[body=-, tunnel=-, response=-, responseIdle=-]",
                        "Redirect[to=Template[parts=[Literal[text=/here]]], status=302]"
                                + " RouteTimeouts[body=-, tunnel=-, response=-, responseIdle=-]",
                        "Respond[status=403, body=no\n]"
                                + " RouteTimeouts[body=-, tunnel=-, response=-, responseIdle=-]",
                        "Split[shares={app=95, canary=5}]"
                                + " RouteTimeouts[body=Optional[PT1S], tunnel=Optional[PT24H],"
                                + " response=Optional[PT2M], responseIdle=Optional[PT3M]]");
    }

    @Test
    void changesOfFieldsArrive() {
        var config =
                Written.accepted(
                        """
                        listeners:
                          web:
                            bind: ["198.51.100.100:80"]
                            protocol: http
                            pool: app
                            headers:
                              request: {set: {X-Request-Id: "${request-id}"}, add: {X-A: a b}, remove: [X-Internal]}
                              response: {set: {Strict-Transport-Security: "max-age=31536000"}}
                        pools: {app: {servers: [198.51.100.11:5000], health: {tcp: {}}}}
                        """);

        assertThat(config.listeners().get("web"))
                .extracting(listener -> ((Listener.Http) listener).headers())
                .hasToString(
                        "Headers[request=FieldChanges["
                                + "set={X-Request-Id=Template[parts=[REQUEST_ID]]},"
                                + " add={X-A=Template[parts=[Literal[text=a b]]]},"
                                + " remove=[X-Internal]],"
                                + " response=FieldChanges[set={Strict-Transport-Security="
                                + "Template[parts=[Literal[text=max-age=31536000]]]},"
                                + " add={}, remove=[]]]");
    }

    @Test
    void networksOfClientsArrive() {
        var config =
                Written.accepted(
                        """
                        listeners:
                          raw: {bind: ["198.51.100.100:1883"], protocol: tcp, routes: [{match: {client: [203.0.113.0/24]}, pool: app}, {match: {sni: a.example, client: [203.0.113.7]}, pool: app}]}
                          db: {bind: ["198.51.100.100:5432"], protocol: postgres, routes: [{match: {client: [203.0.113.0/24]}, pool: app}]}
                        pools: {app: {servers: [198.51.100.11:53], health: {tcp: {}}}}
                        """);

        Network all = new Network(InetAddress.ofLiteral("203.0.113.0"), 24);
        Network one = new Network(InetAddress.ofLiteral("203.0.113.7"), 32);
        assertThat(((Listener.Tcp) called("raw", config.listeners())).routes())
                .extracting(Listener.TcpRoute::match)
                .containsExactly(
                        new Listener.TcpMatch(Optional.empty(), List.of(all)),
                        new Listener.TcpMatch(Optional.of("a.example"), List.of(one)));
        assertThat(((Listener.Postgres) called("db", config.listeners())).routes())
                .extracting(route -> route.match().client())
                .containsExactly(List.of(all));
    }

    @Test
    void whereConnectionsComeFromArrives() {
        var config =
                Written.accepted(
                        """
                        listeners: {raw: {bind: ["198.51.100.100:5432"], protocol: tcp, pool: app}}
                        pools:
                          app: {servers: [198.51.100.11:53], source: client, health: {tcp: {}}}
                          other: {servers: [198.51.100.11:53], source: 198.51.100.1, health: {tcp: {}}}
                        """);

        assertThat(called("app", config.pools()).source()).contains(new Pool.Source.Client());
        assertThat(called("other", config.pools()).source())
                .contains(new Pool.Source.Address(InetAddress.ofLiteral("198.51.100.1")));
    }

    @Test
    void listenersOfDatagramsArrive() {
        var config =
                Written.accepted(
                        """
                        listeners:
                          dns: {bind: ["198.51.100.100:53"], protocol: udp, max-connections: 9, pool: app, timeouts: {idle: 10s}, responses: 1, limits: {connections-per-client: 3}}
                          log: {bind: ["198.51.100.100:514"], protocol: udp, pool: app}
                        pools: {app: {servers: [198.51.100.11:53], health: {tcp: {}}}}
                        """);

        assertThat(config.listeners().get("dns"))
                .isEqualTo(
                        new Listener.Udp(
                                "dns",
                                List.of(new Endpoint(InetAddress.ofLiteral("198.51.100.100"), 53)),
                                OptionalInt.of(9),
                                Duration.ofSeconds(10),
                                OptionalInt.of(1),
                                "app",
                                new Listener.Admission(OptionalInt.of(3), List.of())));
        assertThat(config.listeners().get("log"))
                .isEqualTo(
                        new Listener.Udp(
                                "log",
                                List.of(new Endpoint(InetAddress.ofLiteral("198.51.100.100"), 514)),
                                OptionalInt.empty(),
                                Duration.ofSeconds(30),
                                OptionalInt.empty(),
                                "app",
                                Listener.Admission.ANY));
    }

    @Test
    void listenersOfSessionsArrive() {
        var config =
                Written.accepted(
                        """
                        listeners:
                          raw: {bind: ["198.51.100.100:1883"], protocol: tcp, timeouts: {idle: 2h}, routes: [{match: {sni: MQTT.example.com}, pool: mqtt}, {match: {sni: "*.example.com"}, pool: app}, {pool: app}]}
                          db: {bind: ["198.51.100.100:5432"], protocol: postgres, max-connections: 9, timeouts: {idle: 1d}, pool: app}
                        pools:
                          app: {servers: [198.51.100.11:5000], health: {tcp: {}}}
                          mqtt: {servers: [198.51.100.12:1883], health: {tcp: {}}}
                        """);

        assertThat(config.listeners().get("raw"))
                .extracting("idle", "routes")
                .containsExactly(
                        Duration.ofHours(2),
                        List.of(
                                new Listener.TcpRoute(
                                        new Listener.TcpMatch(Optional.of("mqtt.example.com")),
                                        "mqtt"),
                                new Listener.TcpRoute(
                                        new Listener.TcpMatch(Optional.of("*.example.com")), "app"),
                                new Listener.TcpRoute(Listener.TcpMatch.ANY, "app")));
        assertThat(config.listeners().get("db"))
                .extracting("idle", "routes", "maxConnections")
                .containsExactly(
                        Duration.ofDays(1),
                        List.of(new Listener.PostgresRoute(Listener.PostgresMatch.ANY, "app")),
                        OptionalInt.of(9));
    }

    @Test
    void routesOfSessionsArrive() {
        var config =
                ((Reading.Accepted)
                                Written.read(
                                        """
                                        listeners:
                                          db:
                                            bind: ["198.51.100.100:5432"]
                                            protocol: postgres
                                            routes:
                                              - {match: {database: reports, user: "Grüße"}, pool: b}
                                              - {match: {user: backup}, pool: b}
                                              - {match: {parameters: {Buoy.Role: replica, application_name: ""}}, pool: b}
                                              - {pool: a}
                                        pools:
                                          a: {servers: [198.51.100.11:5432], health: {tcp: {}}}
                                          b: {servers: [198.51.100.12:5432], health: {tcp: {}}}
                                        """))
                        .config();

        assertThat(config.listeners().get("db"))
                .extracting("routes")
                .isEqualTo(
                        List.of(
                                new Listener.PostgresRoute(
                                        new Listener.PostgresMatch(
                                                Optional.of("reports"), Optional.of("Grüße")),
                                        "b"),
                                new Listener.PostgresRoute(
                                        new Listener.PostgresMatch(
                                                Optional.empty(), Optional.of("backup")),
                                        "b"),
                                new Listener.PostgresRoute(
                                        new Listener.PostgresMatch(
                                                Optional.empty(),
                                                Optional.empty(),
                                                Map.of(
                                                        "buoy.role",
                                                        "replica",
                                                        "application_name",
                                                        "")),
                                        "b"),
                                new Listener.PostgresRoute(Listener.PostgresMatch.ANY, "a")));
    }

    @Test
    void aPoolArrives() {
        var config =
                Written.accepted(
                        """
                        pools:
                          app:
                            balance: least-connections
                            send-proxy: v2
                            protocol: h2
                            servers:
                              one: "[2001:db8::11]:5000"
                              two: {address: "198.51.100.12:5000", weight: 7, max-connections: 500, backup: true}
                            health:
                              http: {path: "/h?deep=1", headers: {X-Probe: "1"}, expect: [204, 300-302], body-regex: "a+b", body: '"status":"ok"', host: app.example.com, port: 81, method: OPTIONS}
                              every: 4s
                              timeout: 3s
                              fall: 5
                              rise: 6
                              fast: 1s
                            retries: {count: 0, when: [503, reset-before-response], methods: [PUT], budget: 5%}
                            passive: {failures: 3, within: 4s, eject: 5s}
                            slow-start: 6s
                            sticky: {cookie: HERE, secure: false, http-only: false, same-site: strict}
                            timeouts: {connect: 1s, response: 2s, response-idle: 3s}
                            tcp: {keep-alive: {idle: 10m, every: 5s, count: 4}, user-timeout: 7500ms}
                            drain: 0s
                            on-down: close-sessions
                            hold: 20s
                            queue: {limit: 5, timeout: 7s}
                            fallback: db
                            tls: {verify: true, ca: /etc/buoy/ca.pem, server-name: app.internal, certificate: own}
                          db: {servers: [198.51.100.21:5432], health: {patroni: {role: standby-leader, port: 9008}}}
                          ro: {servers: [198.51.100.21:5432], health: {patroni: {role: replica, max-lag: 10MiB, tls: {verify: false}}}}
                          asked: {servers: [198.51.100.21:6432], health: {postgres: {role: replica, user: buoy, password: "it's", database: app, port: 5432, max-lag: 1KiB}}}
                          calls: {servers: [198.51.100.31:50051], protocol: h2c, health: {grpc: {service: shop.Orders}}}
                        certificates: {own: {pem: /etc/buoy/own.pem}}
                        """);

        assertThat(called("calls", config.pools()).protocol()).isEqualTo(Pool.Protocol.H2C);
        assertThat(probe(config.pools().get("calls")))
                .isEqualTo(new Health.Probe.Grpc("shop.Orders"));
        assertThat(config.pools().get("app"))
                .hasToString(
                        "Pool[name=app, balance=LeastConnections[], servers=[Server[name=one,"
                                + " address=[2001:db8::11]:5000, weight=1, maxConnections=OptionalInt.empty, backup=false], Server[name=two,"
                                + " address=198.51.100.12:5000, weight=7, maxConnections=OptionalInt[500], backup=true]],"
                                + " health=Optional[Health[probe=Http[method=OPTIONS, path=/h?deep=1,"
                                + " headers={X-Probe=1}, expect=[StatusRange[low=204, high=204], StatusRange[low=300, high=302]],"
                                + " body=Optional[\"status\":\"ok\"], bodyPattern=Optional[a+b], host=Optional[app.example.com],"
                                + " port=OptionalInt[81]], every=PT4S, timeout=PT3S, fall=5, rise=6,"
                                + " fast=PT1S]], retries=Retries[count=0, when=When[connect=false, reset=true, statuses=[503]], methods=[PUT],"
                                + " budgetPercent=5], timeouts=Timeouts[connect=PT1S, response=PT2S,"
                                + " responseIdle=PT3S, tcp=TcpOptions[idle=Optional[PT10M],"
                                + " every=Optional[PT5S], count=OptionalInt[4],"
                                + " userTimeout=Optional[PT7.5S]]], drain=PT0S, onDown=CLOSE_SESSIONS,"
                                + " hold=Hold[time=PT20S, most=5, queue=PT7S],"
                                + " passive=Optional[Passive[failures=3, within=PT4S, eject=PT5S]],"
                                + " slowStart=PT6S,"
                                + " sticky=Optional[OwnCookie[name=HERE, secure=false,"
                                + " httpOnly=false, sameSite=STRICT]], fallback=Optional[db],"
                                + " tls=Optional[PoolTls[verify=true,"
                                + " ca=Optional[/etc/buoy/ca.pem],"
                                + " serverName=Optional[app.internal],"
                                + " certificate=Optional[own]]], sendProxy=Optional[V2], protocol=H2,"
                                + " source=Optional.empty]");
        assertThat(probe(config.pools().get("db")))
                .isEqualTo(
                        new Health.Probe.Patroni(
                                Health.Role.STANDBY_LEADER,
                                9008,
                                OptionalLong.empty(),
                                Optional.empty()));
        assertThat(probe(config.pools().get("ro")))
                .isEqualTo(
                        new Health.Probe.Patroni(
                                Health.Role.REPLICA,
                                8008,
                                OptionalLong.of(10 << 20),
                                Optional.of(
                                        new PoolTls(
                                                false,
                                                Optional.empty(),
                                                Optional.empty(),
                                                Optional.empty()))));
        assertThat(probe(config.pools().get("asked")))
                .isEqualTo(
                        new Health.Probe.Postgres(
                                Health.Role.REPLICA,
                                "buoy",
                                new Secret("it's"),
                                "app",
                                OptionalInt.of(5432),
                                OptionalLong.of(1024)));
    }

    @Test
    void deviationsAndSyslogArrive() {
        var config =
                Written.accepted(
                        """
                        listeners: {a: {bind: ["198.51.100.100:80"], protocol: http, lenient: [underscore-names, bare-lf, obs-fold, raw-target], access-log: {format: json, to: syslog}, pool: a}}
                        pools: {a: {servers: [198.51.100.11:80], health: {http: {}}}}
                        """);
        assertThat(config.listeners().get("a"))
                .extracting("lenient")
                .isEqualTo(Set.of(Deviation.values()));
        assertThat(config.listeners().get("a"))
                .extracting("accessLog")
                .isEqualTo(
                        Optional.of(
                                new AccessLog(
                                        new AccessLog.Format.Json(),
                                        new AccessLog.Destination.Syslog())));
    }

    @Test
    void aProgramThatChecksArrives() {
        var config =
                Written.accepted(
                        """
                        pools:
                          a: {servers: ["app1.internal:6379"], health: {external: [/usr/local/bin/probe, --fast], user: nobody}}
                          b: {servers: [198.51.100.11:6379], health: {external: [/usr/local/bin/probe]}}
                        """);
        assertThat(probe(config.pools().get("a")))
                .isEqualTo(
                        new Health.Probe.External(
                                List.of("/usr/local/bin/probe", "--fast"), Optional.of("nobody")));
        assertThat(probe(config.pools().get("b")))
                .isEqualTo(
                        new Health.Probe.External(
                                List.of("/usr/local/bin/probe"), Optional.empty()));
        assertThat(called("a", config.pools()).servers())
                .extracting("address")
                .isEqualTo(List.of(new ServerAddress.Named("app1.internal", 6379)));
    }

    @Test
    void whatATcpServerIsToldAndExpectedToSayArrives() {
        var config =
                Written.accepted(
                        """
                        pools: {a: {servers: [198.51.100.11:6379], health: {tcp: {send: "PING\\r\\n", expect: "+PONG"}}}}
                        """);
        assertThat(probe(config.pools().get("a")))
                .isEqualTo(new Health.Probe.Tcp(Optional.of("PING\r\n"), Optional.of("+PONG")));
    }

    @Test
    void stickinessArrives() {
        var config =
                Written.accepted(
                        """
                        pools:
                          a: {sticky: {cookie: BUOY}, servers: [198.51.100.11:5000], health: {tcp: {}}}
                          b: {sticky: {app-cookie: AUTH_SESSION_ID}, servers: [198.51.100.11:5000], health: {tcp: {}}}
                          c: {sticky: {source: true}, servers: [198.51.100.11:5000], health: {tcp: {}}}
                        """);
        assertThat(config.pools().values())
                .extracting(pool -> pool.sticky().orElseThrow())
                .containsExactly(
                        new Sticky.OwnCookie("BUOY", true, true, Sticky.SameSite.LAX),
                        new Sticky.AppCookie("AUTH_SESSION_ID"),
                        new Sticky.Source(Duration.ofMinutes(30)));
    }

    @Test
    void waysToChooseAServerArriveAsTheyAreSpelt() {
        for (String word :
                List.of(
                        "round-robin",
                        "least-connections",
                        "random-two",
                        "source-hash",
                        "uri-hash",
                        "header-hash:X-User",
                        "first")) {
            var config =
                    Written.accepted(
                            """
                            pools: {app: {balance: "%s", servers: [198.51.100.11:5000], health: {tcp: {}}}}
                            """
                                    .formatted(word));
            assertThat(config.pools().values())
                    .extracting(pool -> pool.balance().word())
                    .containsExactly(word);
        }
    }

    @Test
    void aSecretIsNotShown() {
        assertThat(new Secret("it's")).hasToString("(hidden)");
    }

    private static Health.Probe probe(@org.jspecify.annotations.Nullable Pool pool) {
        return java.util.Objects.requireNonNull(pool).health().orElseThrow().probe();
    }

    @Test
    void aValueByHostIsThatOfThisHost() {
        var config =
                Written.accepted(
                        """
                        vrrp:
                          web:
                            interface: {by-host: {lb2: ens3, default: eth0}}
                            router-id: 51
                            priority: {by-host: {lb1: 150, lb2: 100}}
                            addresses: [198.51.100.100/24]
                        """);

        assertThat(config.routers().get("web"))
                .extracting("interfaceName", "priority")
                .containsExactly("eth0", 150);
    }
}
