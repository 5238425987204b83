package buoy.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutlineTest {
    private static final String BEFORE =
            """
            log: {level: info}
            listeners:
              web: {bind: ["198.51.100.1:80"], timeouts: {idle: 60s}, routes: [{pool: app}, {respond: {status: 200}}]}
            pools:
              app: {servers: {app1: "198.51.100.11:5000", app2: "198.51.100.12:5000"}}
              old: {servers: {o: "198.51.100.13:5000"}}
            """;

    private static Outline outline(String yaml) {
        return Outline.of(
                Document.parse("buoy.yaml", yaml.getBytes(StandardCharsets.UTF_8), new Problems())
                        .orElseThrow());
    }

    private static List<String> changes(String after) {
        return outline(BEFORE).changesTo(outline(after)).stream().map(Object::toString).toList();
    }

    @Test
    void eachKeyIsNamedOnceWhereTheDifferenceBegins() {
        assertThat(
                        changes(
                                """
                                log: {level: debug}
                                listeners:
                                  web: {bind: ["198.51.100.1:80", "198.51.100.1:81"], timeouts: {idle: 30s}, routes: [{pool: app}, {respond: {status: 204}}, {pool: new}]}
                                pools:
                                  app: {servers: {app1: "198.51.100.11:5000", app3: "198.51.100.12:5000"}, balance: random-two}
                                  new: {servers: {n: "198.51.100.14:5000"}}
                                stats: {bind: "127.0.0.1:9000"}
                                """))
                .containsExactly(
                        "log.level: changed",
                        "listeners.web.bind: changed",
                        "listeners.web.timeouts.idle: changed",
                        "listeners.web.routes[1].respond.status: changed",
                        "listeners.web.routes[2]: added",
                        "pools.app.servers.app3: added",
                        "pools.app.servers.app2: removed",
                        "pools.app.balance: added",
                        "pools.new: added",
                        "pools.old: removed",
                        "stats: added");
    }

    @Test
    void howItIsWrittenIsNoDifference() {
        assertThat(changes("# the same\n" + BEFORE.replace("\"", "'"))).isEmpty();
        assertThat(outline("a: null\n").changesTo(outline("a: ~\n"))).isEmpty();
        assertThat(outline("a: null\n").changesTo(outline("a:\n"))).isEmpty();
        assertThat(outline("a: null\n").changesTo(outline("a: \"null\"\n"))).hasSize(1);
        assertThat(outline(BEFORE).changesTo(Outline.EMPTY))
                .singleElement()
                .extracting(Outline.Change::kind)
                .isEqualTo(Outline.Change.Kind.CHANGED);
    }
}
