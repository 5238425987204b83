package buoy.config;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.BasicAuth;
import buoy.config.model.Listener;
import buoy.config.model.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code basic-auth}, with files as {@code htpasswd} writes them. */
class UsersFileTest {
    private static final String BCRYPT =
            "$2y$04$vrKIg1Nvz9b7XuIv8TX5uuKoBD8zIElVZFNAJ6CVVozpXMj/mfbzC";
    private static final String SHA =
            "$5$ZYNbWKht8rxylZjA$zAd5qFiyh9.D.RtNyEGGtLIpoyH5fjI49B07NjSadE1";
    private static final String APACHE = "$apr1$DY7C/G3Z$t6Ngn2PIwNhQKnoNcP8sx/";

    @TempDir Path directory;

    private Reading read(String users) throws IOException {
        Path file = Files.writeString(directory.resolve("users"), users);
        return Written.read(
                """
                listeners:
                  web:
                    bind: ["198.51.100.100:80"]
                    protocol: http
                    routes:
                      - {pool: app, basic-auth: {users-file: %s}}
                pools: {app: {servers: [198.51.100.11:5000], health: {tcp: {}}}}
                """
                        .formatted(file));
    }

    @Test
    void theirHashesArriveAndAreNeverShown() throws IOException {
        Reading reading =
                read(
                        "# admins\nann:{bcrypt}%s\n\nbob:%s\neve:%s\r\n"
                                .formatted(BCRYPT, SHA, APACHE));
        assertThat(Written.problems(reading)).isEmpty();
        Listener.Http web =
                (Listener.Http)
                        Objects.requireNonNull(
                                ((Reading.Accepted) reading).config().listeners().get("web"));
        assertThat(web.routes().getFirst().guard().login())
                .contains(
                        new BasicAuth(
                                "restricted",
                                new BasicAuth.Users(
                                        Map.of(
                                                "ann", new Secret(BCRYPT),
                                                "bob", new Secret(SHA),
                                                "eve", new Secret(APACHE)))));
        assertThat(web.toString()).doesNotContain(BCRYPT, SHA, APACHE).contains("ann");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ann:secret | line 1: has no hash that is taken",
                "ann:60TDUs8WbTQZI | line 1: has no hash that is taken",
                "ann:{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ= | line 1: has no hash that is taken",
                "ann:$1$ro5WZ74H$rRnQqjB7toRaEgIeSHbjo0 | line 1: has no hash that is taken",
                "ann:$2y$15$vrKIg1Nvz9b7XuIv8TX5uuKoBD8zIElVZFNAJ6CVVozpXMj/mfbzC | cost at 15",
                "ann | line 1: must be NAME:HASH",
                ":x | line 1: must be NAME:HASH",
                "'' | has no users"
            })
    void whatIsNotTakenIsSaidWithoutShowingIt(String line, String said) throws IOException {
        assertThat(Written.problems(read(line)))
                .singleElement()
                .asString()
                .contains(said)
                .doesNotContain("secret", "60TDU", "5en6G", "rRnQ", "vrKI");
    }

    @Test
    void aNameIsThereOnce() throws IOException {
        assertThat(Written.problems(read("ann:%s\nann:%s\n".formatted(APACHE, APACHE))))
                .singleElement()
                .asString()
                .contains("line 2: \"ann\" is there twice");
    }
}
