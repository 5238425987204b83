package buoy.daemon.upgrade;

import buoy.config.model.Endpoint;
import java.net.InetAddress;

/** A descriptor that goes from the old process to the new one, and what it is. */
public sealed interface Passed {
    int descriptor();

    /** The lock of the admin socket. */
    record Lock(int descriptor) implements Passed {}

    /** Where operators look. */
    record Stats(Endpoint at, int descriptor) implements Passed {}

    /** Where clients come in. */
    record Listener(Endpoint at, int descriptor) implements Passed {}

    /** As the message before it says. */
    static String word(Passed passed) {
        return switch (passed) {
            case Lock _ -> "lock";
            case Stats(var at, _) -> "stats " + words(at);
            case Listener(var at, _) -> "listener " + words(at);
        };
    }

    private static String words(Endpoint at) {
        return at.address().getHostAddress() + " " + at.port();
    }

    /** The descriptor that this message announces. */
    static Passed read(String line, int descriptor) throws UpgradeFailed {
        String[] words = line.split(" ", -1);
        try {
            return switch (words[0]) {
                case "lock" -> new Lock(descriptor);
                case "stats" -> new Stats(endpoint(words), descriptor);
                case "listener" -> new Listener(endpoint(words), descriptor);
                default -> throw new UpgradeFailed("it passed on an unknown thing: " + line);
            };
        } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException _) {
            throw new UpgradeFailed("it passed on what cannot be read: " + line);
        }
    }

    private static Endpoint endpoint(String[] words) {
        return new Endpoint(InetAddress.ofLiteral(words[1]), Integer.parseInt(words[2]));
    }
}
