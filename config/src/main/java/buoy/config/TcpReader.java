package buoy.config;

import buoy.config.model.TcpOptions;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/** {@code tcp} of a listener or a pool. */
final class TcpReader {
    /** The kernel counts seconds, up to MAX_TCP_KEEPIDLE and MAX_TCP_KEEPINTVL. */
    private static final Duration LONGEST = Duration.ofSeconds(32767);

    /** MAX_TCP_KEEPCNT. */
    private static final int MOST = 127;

    private TcpReader() {}

    static TcpOptions read(Section s) {
        return s.within("tcp", TcpReader::options);
    }

    private static TcpOptions options(Section s) {
        Optional<Duration> userTimeout =
                s.optional(
                        "user-timeout",
                        Durations.between(Duration.ofMillis(10), Duration.ofDays(1)));
        return s.within(
                "keep-alive",
                k ->
                        new TcpOptions(
                                k.optional("idle", TcpReader::seconds),
                                k.optional("every", TcpReader::seconds),
                                k.optional("count", Numbers.between(1, MOST))
                                        .map(OptionalInt::of)
                                        .orElse(OptionalInt.empty()),
                                userTimeout));
    }

    private static Parsed<Duration> seconds(String text) {
        return Durations.between(Duration.ofSeconds(1), LONGEST)
                .parse(text)
                .then(
                        d ->
                                d.toMillis() % 1000 == 0
                                        ? Parsed.ok(d)
                                        : Parsed.wrong(
                                                "must be whole seconds, as the kernel counts them, got "
                                                        + Text.shown(text)));
    }
}
