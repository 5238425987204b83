package buoy.config.model;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * {@code vrrp.NAME.notify}: commands, with their arguments, that are told of a state. An empty list
 * is no command.
 *
 * @param any told of every state
 * @param timeout then a command is killed
 * @param user as whom they are run; empty means as this process
 */
public record Notify(
        List<String> active,
        List<String> backup,
        List<String> fault,
        List<String> any,
        Duration timeout,
        Optional<String> user) {
    /** Nothing is told. */
    public static final Notify NOBODY =
            new Notify(
                    List.of(),
                    List.of(),
                    List.of(),
                    List.of(),
                    Duration.ofSeconds(30),
                    Optional.empty());

    public Notify {
        active = List.copyOf(active);
        backup = List.copyOf(backup);
        fault = List.copyOf(fault);
        any = List.copyOf(any);
    }
}
