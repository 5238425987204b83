package buoy.daemon.upgrade;

import buoy.config.model.Endpoint;
import buoy.config.model.Location;
import buoy.config.model.UnixPath;
import java.net.InetAddress;

/** A descriptor that goes from the old process to the new one, and what it is. */
public sealed interface Passed {
    int descriptor();

    /** The lock of the admin socket. */
    record Lock(int descriptor) implements Passed {}

    /** Where operators look. */
    record Stats(Endpoint at, int descriptor) implements Passed {}

    /** Where clients come in, by connection or by datagram. */
    record Listener(Location at, boolean datagrams, int descriptor) implements Passed {}

    /** As the message before it says. */
    static String word(Passed passed) {
        return switch (passed) {
            case Lock _ -> "lock";
            case Stats(var at, _) -> "stats " + words(at);
            case Listener(Endpoint at, boolean datagrams, _) ->
                    (datagrams ? "datagrams " : "listener ") + words(at);
            case Listener(UnixPath at, _, _) -> "unix " + at.path();
        };
    }

    private static String words(Endpoint at) {
        return at.address().getHostAddress() + " " + at.port();
    }

    /** The descriptor that this message announces. */
    static Passed read(String line, int descriptor) throws UpgradeFailed {
        String[] words = line.split(" ", 2);
        try {
            return switch (words[0]) {
                case "lock" -> new Lock(descriptor);
                case "stats" -> new Stats(endpoint(words[1]), descriptor);
                case "listener" -> new Listener(endpoint(words[1]), false, descriptor);
                case "datagrams" -> new Listener(endpoint(words[1]), true, descriptor);
                case "unix" -> new Listener(new UnixPath(words[1]), false, descriptor);
                default -> throw new UpgradeFailed("it passed on an unknown thing: " + line);
            };
        } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException _) {
            throw new UpgradeFailed("it passed on what cannot be read: " + line);
        }
    }

    private static Endpoint endpoint(String text) {
        String[] words = text.split(" ", -1);
        return new Endpoint(InetAddress.ofLiteral(words[0]), Integer.parseInt(words[1]));
    }
}
