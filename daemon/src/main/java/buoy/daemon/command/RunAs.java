package buoy.daemon.command;

import java.util.Optional;

/** As whom a program runs. */
public sealed interface RunAs {
    /** As this process, with all that it may do. */
    record ThisProcess() implements RunAs {}

    /** As the user of this process, {@link Unprivileged}. */
    record WithoutCapabilities() implements RunAs {}

    /** As this user with all its groups, {@link Unprivileged}. */
    record User(String name) implements RunAs {}

    /** As that user if there is one, else as this process. */
    static RunAs userOrThisProcess(Optional<String> user) {
        return user.<RunAs>map(User::new).orElseGet(ThisProcess::new);
    }
}
