package buoy.vrrp.track;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Something that can be tracked. Equal subjects are one: watched once, however many track it. */
public sealed interface Subject {
    /** The servers of a pool. */
    record Pool(String name) implements Subject {}

    /** The event loops of this process; every router tracks them without being told to. */
    record Workers() implements Subject {}

    /** A listener of this process. */
    record Listener(String name) implements Subject {}

    /** A network interface of this host. */
    record Interface(String name) implements Subject {}

    /**
     * A command that says by its exit status whether all is well.
     *
     * @param command program and arguments
     * @param fall failures in a row until there is trouble
     * @param rise successes in a row until it is over
     * @param user as whom it runs; empty means as this process
     */
    record Script(
            List<String> command,
            Duration every,
            Duration timeout,
            int fall,
            int rise,
            Optional<String> user)
            implements Subject {
        public Script {
            command = List.copyOf(command);
        }
    }

    /** A file with a number in it. */
    record File(Path path) implements Subject {}

    /** The processes of this name. */
    record ProcessName(String name) implements Subject {}

    /** Such as {@code pool app}. */
    default String inWords() {
        return switch (this) {
            case Pool(var name) -> "pool " + name;
            case Workers _ -> "the workers of this process";
            case Listener(var name) -> "listener " + name;
            case Interface(var name) -> "interface " + name;
            case Script script -> "script " + String.join(" ", script.command());
            case File(var path) -> "file " + path;
            case ProcessName(var name) -> "process " + name;
        };
    }
}
