package buoy.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is shown of a configuration, and which files it is made of and names. */
class ContentsTest {
    @TempDir Path directory;

    private Path file(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }

    private Contents contents(String main) throws IOException {
        return ConfigFile.contents(file("buoy.yaml", main), "lb1").orElseThrow();
    }

    private static List<String> changes(String before, Contents after) {
        Tree tree =
                Document.parse(
                                "before.yaml",
                                before.getBytes(StandardCharsets.UTF_8),
                                new Problems())
                        .orElseThrow();
        return Outline.of(tree).changesTo(Outline.of(after.shown())).stream()
                .map(Object::toString)
                .toList();
    }

    @Test
    void noSecretIsInWhatIsShownAndAllElseIs() throws IOException {
        String all =
                """
                stats: {users: {ops: "$apr1$DY7C/G3Z$t6Ngn2PIwNhQKnoNcP8sx/"}}
                peer: {bind: "198.51.100.1:8405", others: ["198.51.100.2:8405"], key: "n0t-a-real-secret-made-with-openssl-rand-base64"}
                vrrp:
                  web: {interface: eth0, router-id: 1, version: 2, password: open, addresses: [198.51.100.100/24]}
                listeners:
                  web:
                    bind: ["127.0.0.1:80"]
                    protocol: http
                    headers: {request: {set: {Authorization: Basic abc, X-Api-Key: def, X-Colour: red}}}
                    routes:
                      - match: {headers: {X-Token: ghi, X-Colour: blue}, query: {access_token: jkl, v: "2"}}
                        respond: {status: 403}
                      - pool: pg
                pools:
                  pg: {servers: ["127.0.0.1:1"], health: {postgres: {role: primary, user: buoy, password: mno}}}
                  app: {servers: ["127.0.0.1:2"], health: {http: {headers: {Cookie: pqr, X-Colour: green}}}}
                """;
        Contents contents = contents(all);

        assertThat(changes(all, contents))
                .containsExactly(
                        "stats.users.ops: changed",
                        "peer.key: changed",
                        "vrrp.web.password: changed",
                        "listeners.web.headers.request.set.Authorization: changed",
                        "listeners.web.headers.request.set.X-Api-Key: changed",
                        "listeners.web.routes[0].match.headers.X-Token: changed",
                        "listeners.web.routes[0].match.query.access_token: changed",
                        "pools.pg.health.postgres.password: changed",
                        "pools.app.health.http.headers.Cookie: changed");
        assertThat(contents.shown().toString())
                .doesNotContain("$apr1$", "n0t-a", "open", "abc", "def", "ghi", "jkl", "mno", "pqr")
                .contains("red", "blue", "green");
    }

    /** Else a host would run with these words for a password. */
    @Test
    void whatStandsForASecretIsNoSecret() {
        assertThat(
                        Written.problems(
                                Written.read(
                                        """
                                        pools:
                                          pg:
                                            servers: ["127.0.0.1:1"]
                                            health: {postgres: {role: primary, user: buoy, password: "%s"}}
                                        """
                                                .formatted(Hidden.WORDS))))
                .singleElement()
                .asString()
                .contains("pools.pg.health.postgres.password: stands for a secret");
    }

    @Test
    void itIsMadeOfAllFilesAsTheyAreMeantOnOneHost() throws IOException {
        Path more = file("more.yaml", "pools:\n  b: {servers: [\"127.0.0.1:2\"]}\n");
        Contents contents =
                contents(
                        """
                        include: [%s]
                        process: {drain: {by-host: {lb1: 7s, lb2: 8s}}}
                        pools:
                          a: {servers: ["127.0.0.1:1"]}
                        """
                                .formatted(more));

        assertThat(
                        changes(
                                """
                                process: {drain: 7s}
                                pools: {a: {servers: ["127.0.0.1:1"]}, b: {servers: ["127.0.0.1:2"]}}
                                """,
                                contents))
                .isEmpty();
        assertThat(contents.files())
                .extracting(Contents.Named::file)
                .containsExactly(directory.resolve("buoy.yaml"), more);
    }

    /** Whoever adds a key with a path says of it that it is read, or here that it is not. */
    @Test
    void everyFileIsNamedWithItsKeyAndPlace() throws IOException {
        Path page = file("503.html", "no");
        Path users = file("users", "ops:$apr1$DY7C/G3Z$t6Ngn2PIwNhQKnoNcP8sx/\n");
        Path key = file("peer.key", "n0t-a-real-secret-made-with-openssl-rand-base64\n");
        Path password = file("password", "secret\n");
        Contents contents =
                contents(
                        """
                        stats: {users-file: %2$s}
                        peer: {bind: "198.51.100.1:8405", others: ["198.51.100.2:8405"], key-file: %3$s}
                        certificates:
                          pair: {chain: /t/chain, key: /t/key}
                          both: {pem: /t/pem}
                          all: {directory: /t/all}
                          auto: {acme: {directory: "https://acme.example/dir", names: [a.example], ca: /t/acme-ca}}
                        vrrp:
                          web: {interface: eth0, router-id: 1, version: 2, password-file: %4$s, addresses: [198.51.100.100/24], track: [{file: /t/track, weight: 1}]}
                        listeners:
                          web:
                            bind: ["127.0.0.1:443"]
                            protocol: http
                            tls: {certificates: [pair, both, all, auto], client: {ca: /t/client-ca, crl: /t/crl}, tickets: {keys-file: /t/tickets}}
                            errors: {503: %1$s}
                            routes: [{pool: app, basic-auth: {users-file: %2$s}}]
                        pools:
                          app: {servers: ["127.0.0.1:1"], tls: {ca: /t/pool-ca}, health: {tcp: {}}}
                          pg: {servers: ["127.0.0.1:2"], health: {postgres: {role: primary, user: buoy, password-file: %4$s}}}
                          pt: {servers: ["127.0.0.1:3"], health: {patroni: {role: primary, tls: {ca: /t/patroni-ca}}}}
                        """
                                .formatted(page, users, key, password));

        assertThat(
                        contents.files().stream()
                                .map(each -> each.key() + " " + each.file().getFileName())
                                .sorted()
                                .collect(Collectors.joining("\n")))
                .isEqualTo(
                        """
                        certificates.all.directory all
                        certificates.auto.acme.ca acme-ca
                        certificates.both.pem pem
                        certificates.pair.chain chain
                        certificates.pair.key key
                        file buoy.yaml
                        listeners.web.errors.503 503.html
                        listeners.web.routes[0].basic-auth.users-file users
                        listeners.web.tls.client.ca client-ca
                        listeners.web.tls.client.crl crl
                        listeners.web.tls.tickets.keys-file tickets
                        peer.key-file peer.key
                        pools.app.tls.ca pool-ca
                        pools.pg.health.postgres.password-file password
                        pools.pt.health.patroni.tls.ca patroni-ca
                        stats.users-file users
                        vrrp.web.password-file password
                        vrrp.web.track[0].file track""");
        assertThat(contents.files())
                .filteredOn(each -> each.key().equals("stats.users-file"))
                .singleElement()
                .satisfies(each -> assertThat(each.place().line()).isEqualTo(1));
    }
}
