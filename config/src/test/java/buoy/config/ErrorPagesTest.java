package buoy.config;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.ErrorPage;
import buoy.config.model.Listener;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code errors}, with files as they lie on a disk. */
class ErrorPagesTest {
    @TempDir Path directory;

    private Reading read(byte[] html) throws IOException {
        Path page = Files.write(directory.resolve("503.html"), html);
        Path json = Files.writeString(directory.resolve("404.json"), "{}");
        return Written.read(
                """
                listeners:
                  web: {bind: ["198.51.100.100:80"], protocol: http, pool: app, errors: {503: %s, 404: %s}}
                pools: {app: {servers: [198.51.100.11:5000], health: {tcp: {}}}}
                """
                        .formatted(page, json));
    }

    @Test
    void theirContentIsThatOfTheFileAndItsNameSaysWhatItIs() throws IOException {
        Reading reading = read("<p>zurück\n".getBytes(StandardCharsets.UTF_8));
        assertThat(Written.problems(reading)).isEmpty();
        assertThat(((Reading.Accepted) reading).config().listeners().get("web"))
                .isInstanceOfSatisfying(
                        Listener.Http.class,
                        web ->
                                assertThat(web.errors())
                                        .isEqualTo(
                                                Map.of(
                                                        503,
                                                        new ErrorPage(
                                                                "text/html; charset=utf-8",
                                                                "<p>zurück\n"),
                                                        404,
                                                        new ErrorPage("application/json", "{}"))));
    }

    @Test
    void whatIsTooLargeOrNotTextIsSaid() throws IOException {
        assertThat(Written.problems(read(new byte[(256 << 10) + 1])))
                .singleElement()
                .asString()
                .endsWith("503.html\" is larger than 256KiB");
        assertThat(Written.problems(read(new byte[] {(byte) 0xff})))
                .singleElement()
                .asString()
                .endsWith("503.html\" is not UTF-8");
    }
}
