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

    private static final Format<Duration> SECONDS =
            Durations.between(Duration.ofSeconds(1), LONGEST).then(TcpReader::whole);

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
                                k.optional("idle", SECONDS),
                                k.optional("every", SECONDS),
                                k.optional("count", Numbers.between(1, MOST))
                                        .map(OptionalInt::of)
                                        .orElse(OptionalInt.empty()),
                                userTimeout));
    }

    private static Parsed<Duration> whole(Duration time) {
        return time.toMillis() % 1000 == 0
                ? Parsed.ok(time)
                : Parsed.wrong(
                        "must be whole seconds, as the kernel counts them, got "
                                + Durations.text(time));
    }
}
