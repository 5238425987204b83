package buoy.lb.health;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** One query that answers with one row. */
final class PostgresQuery {
    private PostgresQuery() {}

    /**
     * @throws PostgresLogin.Refused if the server answers with an error; the session is ready all
     *     the same unless it is over
     */
    static List<Optional<String>> row(PostgresTalk talk, String sql, Patience patience)
            throws IOException {
        talk.say('Q', (sql + "\0").getBytes(StandardCharsets.UTF_8));
        Optional<List<Optional<String>>> row = Optional.empty();
        Optional<PostgresLogin.Refused> refused = Optional.empty();
        while (true) {
            switch (talk.next(patience)) {
                case Backend.Row(var values) -> row = Optional.of(values);
                case Backend.Refused(String sqlState, String message) -> {
                    refused = Optional.of(new PostgresLogin.Refused(sqlState, message));
                    if (sqlState.startsWith("57P")) {
                        // The session ends with it: it is never ready again.
                        throw refused.get();
                    }
                }
                case Backend.Ready _ -> {
                    if (refused.isPresent()) {
                        throw refused.get();
                    }
                    return row.orElseThrow(() -> new IOException("the server answered no row"));
                }
                case Backend.AuthenticationOk _,
                        Backend.WantsClearText _,
                        Backend.WantsMd5 _,
                        Backend.WantsSasl _,
                        Backend.SaslContinue _,
                        Backend.SaslFinal _,
                        Backend.WantsOther _,
                        Backend.Other _,
                        Backend.Malformed _ ->
                        throw new IOException("the server's answer makes no sense");
            }
        }
    }
}
