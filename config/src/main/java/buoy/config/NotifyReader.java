package buoy.config;

import buoy.config.model.Notify;
import java.time.Duration;
import java.util.Optional;

/** {@code vrrp.NAME.notify}. */
final class NotifyReader {
    private NotifyReader() {}

    static Optional<Notify> read(Section s) {
        Notify notify =
                new Notify(
                        Commands.read(s, "active"),
                        Commands.read(s, "backup"),
                        Commands.read(s, "fault"),
                        Commands.read(s, "any"),
                        s.get(
                                "timeout",
                                Durations.between(Duration.ofMillis(100), Duration.ofHours(1)),
                                Notify.NOBODY.timeout()),
                        s.optional("user", Names::user));
        if (!s.has("active") && !s.has("backup") && !s.has("fault") && !s.has("any")) {
            s.problems()
                    .warn(s.place(), s.path(), "runs nothing (add active, backup, fault or any)");
        }
        return Optional.of(notify);
    }
}
