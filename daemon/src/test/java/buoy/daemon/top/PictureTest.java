package buoy.daemon.top;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.daemon.json.JsonTree;
import buoy.daemon.status.Samples;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class PictureTest {
    private static String status(String at, long finished, long refused, String state) {
        return """
        {"at": "%s", "host": "lb1", "version": "1", "uptime-seconds": 93784, "health": "good",
         "findings": [{"subject": "pool app", "text": "a2 is down\u001b[2J"}],
         "connections": 7, "max-connections": 100,
         "routers": [{"name": "web", "state": "active", "effective-priority": 150, "since": "2026-01-01T00:00:00Z", "why": "it has the highest priority"}],
         "listeners": [{"name": "https", "protocol": "http", "connections": 7, "finished": %d, "failed": %d, "failures": {"server-refused": %d},
           "bytes-from-client": 0, "bytes-to-client": %d, "latency": {"count": 5, "p50-seconds": 0.0004, "p90-seconds": 0.012, "p99-seconds": 0.25, "p99.9-seconds": 3}}],
         "pools": [{"name": "app", "waiting": 2, "servers": [
           {"name": "a1", "duty": "ready", "state": "up", "why": "200 OK", "active": 3, "finished": %d, "latency": {"count": 0}, "connect": {"count": 1, "p50-seconds": 0.001}},
           {"name": "a2", "duty": "drain", "state": "%s", "why": "refused", "active": 0, "finished": 0}]}]}
        """
                .formatted(at, finished, refused, refused, finished * 1000, finished, state)
                .replace("\u001b", "\\u001b");
    }

    private static Sample sample(String at, long finished, long refused, String state)
            throws IOException {
        return Sample.of(status(at, finished, refused, state));
    }

    private final Sample before = sample("2026-01-01T01:02:03Z", 1000, 0, "up");
    private final Sample now = sample("2026-01-01T01:02:05Z", 3000, 10, "up");

    PictureTest() throws IOException {}

    @Test
    void showsWhatHappensEachSecond() {
        List<String> lines = Picture.of(before, now, Order.NAME, List.of("something"));

        assertThat(lines)
                .contains(
                        "buoy 1 on lb1, up 1d 2h, health: good, connections: 7 of 100, 01:02:05 UTC",
                        "! pool app: a2 is down?[2J",
                        "web     active  150       1h 2m  it has the highest priority",
                        "https     http      7            1.0k   5         1M       400us  12ms  250ms  3.0s",
                        "app/a1  up     3       1k     0         0        1ms  0us  0us  0us    200 OK",
                        "app/a2  drain  0       0      0         0        -    -    -    -      refused",
                        "2 wait for pool app",
                        "server-refused  5      10",
                        "something");
    }

    @Test
    void machinesGetTheSameOfListenersAndServers() throws IOException {
        JsonTree rates = JsonTree.read(RatesJson.of(before, now));

        JsonTree listener = rates.get("listeners").items().getFirst();
        assertThat(listener.text("name")).isEqualTo("https");
        assertThat(listener.number("connections")).isEqualTo(7);
        assertThat(listener.number("per-second")).isEqualTo(1005);
        assertThat(listener.number("failed-per-second")).isEqualTo(5);
        assertThat(listener.number("bytes-per-second")).isEqualTo(1_000_000);
        assertThat(listener.get("failures").number("server-refused")).isEqualTo(5);
        assertThat(listener.get("times").decimal("p99-seconds")).isEqualTo(0.25);
        List<JsonTree> servers = rates.get("servers").items();
        assertThat(servers).extracting(each -> each.text("name")).containsExactly("a1", "a2");
        assertThat(servers.getFirst().text("pool")).isEqualTo("app");
        assertThat(servers.getFirst().number("per-second")).isEqualTo(1000);
        assertThat(servers.getLast().text("state")).isEqualTo("drain");
        assertThat(servers.getLast().get("times").members()).isEmpty();
    }

    @Test
    void theOrderIsWhatWasAskedFor() {
        assertThat(Picture.of(before, now, Order.RATE, List.of()))
                .filteredOn(line -> line.startsWith("app/"))
                .first()
                .asString()
                .startsWith("app/a1");
        for (Order each : Order.values()) {
            assertThat(Order.of(each.key)).contains(each);
            assertThat(Picture.of(before, now, each, List.of())).hasSizeGreaterThan(10);
        }
        assertThat(Order.of(-1)).isEmpty();
    }

    @Test
    void aProcessThatBeganAnewAndAClockThatStandsHaveNoRates() {
        assertThat(Picture.of(now, before, Order.RATE, List.of()))
                .anyMatch(line -> line.matches("https +http +7 +0 +0 +0 .*"));
        assertThat(Picture.of(now, now, Order.RATE, List.of()))
                .anyMatch(line -> line.matches("https +http +7 +0 +0 +0 .*"));
    }

    @Test
    void whatChangesIsSaid() throws IOException {
        Sample later =
                Sample.of(
                        status("2026-01-01T01:02:06Z", 3000, 10, "down")
                                .replace("\"drain\"", "\"ready\"")
                                .replace("\"active\",", "\"backup\","));

        assertThat(Picture.changes(now, later))
                .containsExactly(
                        "01:02:06 router web: backup, was active: it has the highest priority",
                        "01:02:06 server app/a2: down, was drain: refused");
        assertThat(Picture.changes(now, now)).isEmpty();
    }

    @Test
    void theStatusOfABuoyIsASample() throws IOException {
        Sample sample = Sample.of(Samples.json(Samples.good()));

        assertThat(sample.doors()).isNotEmpty();
        assertThat(sample.servers()).isNotEmpty();
        assertThat(sample.routers()).isNotEmpty();
        assertThat(sample.servers()).allMatch(each -> !each.state().isEmpty());
        assertThat(Picture.of(sample, sample, Order.RATE, List.of()))
                .noneMatch(line -> line.chars().anyMatch(Character::isISOControl));
    }

    @Test
    void whatIsNoStatusIsRefused() {
        for (String text : List.of("", "{", "[1]", "{}", "null", "{\"at\": \"soon\"}")) {
            org.assertj.core.api.Assertions.assertThatThrownBy(() -> Sample.of(text))
                    .as(text)
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void numbersHaveFewDigits() {
        assertThat(List.of(0.0, 0.5, 9.94, 12.3, 999.4, 999.6, 1234.0, 56789.0, 1e6, 2.5e9))
                .extracting(Picture::number)
                .containsExactly(
                        "0", "0.5", "9.9", "12", "999", "1.0k", "1.2k", "57k", "1M", "2.5G");
        assertThat(Picture.age(59)).isEqualTo("59s");
        assertThat(Picture.age(61)).isEqualTo("1m 1s");
        assertThat(Screen.cut("abcdef", 3)).isEqualTo("abc");
        assertThat(Screen.cut("a", 3)).isEqualTo("a");
    }
}
