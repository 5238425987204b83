package buoy.config;

import buoy.config.model.Pool.Balance;
import java.util.List;
import java.util.regex.Pattern;

/** {@code pools.NAME.balance}. */
final class BalanceFormat {
    private static final String HEADER = "header-hash:";

    private static final Words<Balance> WORDS =
            Words.<Balance>of("round-robin", new Balance.RoundRobin())
                    .or("least-connections", new Balance.LeastConnections())
                    .or("random-two", new Balance.RandomTwo())
                    .or("source-hash", new Balance.SourceHash())
                    .or("uri-hash", new Balance.UriHash())
                    .or(HEADER + "NAME", new Balance.HeaderHash("NAME"))
                    .or("first", new Balance.First());

    static final Format<Balance> FORMAT =
            Format.of(
                    new Shape.Either(List.of(WORDS.shape(), new Shape.Begins(HEADER))),
                    BalanceFormat::parse);

    private BalanceFormat() {}

    private static Parsed<Balance> parse(String text) {
        if (!text.startsWith(HEADER)) {
            return WORDS.parse(text);
        }
        String field = text.substring(HEADER.length());
        // RFC 9110 5.1: a token. Names with an underscore never reach a server.
        return Pattern.matches("[A-Za-z0-9!#$%&'*+.^`|~-]{1,100}", field)
                ? Parsed.ok(new Balance.HeaderHash(field))
                : Parsed.wrong(
                        "must name a field after header-hash:, such as header-hash:X-User, got "
                                + Text.quoted(text));
    }

    /** Whether it looks at requests, which sessions have not got. */
    static boolean isForHttp(Balance balance) {
        return switch (balance) {
            case Balance.UriHash _, Balance.HeaderHash _ -> true;
            case Balance.RoundRobin _,
                    Balance.LeastConnections _,
                    Balance.RandomTwo _,
                    Balance.SourceHash _,
                    Balance.First _ ->
                    false;
        };
    }
}
