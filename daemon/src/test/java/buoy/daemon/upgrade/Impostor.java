package buoy.daemon.upgrade;

import java.io.EOFException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/**
 * A program in place of Buoy that does its part of an upgrade up to some step, and then what its
 * first argument says. Needs nothing but Java: it is started by a file of its own.
 */
public final class Impostor {
    private Impostor() {}

    /** How far it gets. */
    public enum Does {
        END_AT_ONCE,
        NEVER_COME,
        SPEAK_ANOTHER_VERSION,
        END_BEFORE_READY,
        SAY_SORRY,
        NEVER_BE_READY,
        SAY_NONSENSE,
        END_AFTER_GO,
        HANG_AFTER_GO,
        SAY_SORRY_AFTER_GO,
        TAKE
    }

    public static void main(String[] args) throws InterruptedException {
        try {
            act(Does.valueOf(args[0]));
        } catch (IOException _) {
            // The other end has had enough.
            System.exit(1);
        }
    }

    private static void act(Does does) throws IOException, InterruptedException {
        if (does == Does.END_AT_ONCE) {
            System.exit(7);
        }
        if (does == Does.NEVER_COME) {
            hang();
        }
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(System.getenv("BUOY_UPGRADE")));
            if (does == Does.SPEAK_ANOTHER_VERSION) {
                say(channel, "buoy-upgrade 999");
                hang();
            }
            say(channel, "buoy-upgrade 3");
            // Descriptors that are not asked for are closed by the kernel.
            String line = hear(channel);
            while (!line.contains("pools ")) {
                line = hear(channel);
            }
            skip(channel, Integer.parseInt(line.substring(line.indexOf("pools ") + 6)));
            switch (does) {
                case END_BEFORE_READY -> System.exit(7);
                case NEVER_BE_READY -> hang();
                case SAY_NONSENSE -> say(channel, "nonsense");
                case SAY_SORRY -> {
                    say(channel, "sorry listeners.web: no such address");
                    System.exit(1);
                }
                default -> {}
            }
            say(channel, "ready 0");
            hear(channel);
            switch (does) {
                case END_AFTER_GO -> System.exit(7);
                case HANG_AFTER_GO -> hang();
                case SAY_SORRY_AFTER_GO -> say(channel, "sorry admin socket: no such directory");
                case TAKE -> say(channel, "taken");
                default -> {}
            }
            // Until the other end is closed.
            while (channel.read(ByteBuffer.allocate(1)) >= 0) {}
        }
    }

    private static void hang() throws InterruptedException {
        Thread.sleep(Long.MAX_VALUE);
    }

    private static void say(SocketChannel channel, String line) throws IOException {
        channel.write(ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8)));
    }

    private static void skip(SocketChannel channel, int bytes) throws IOException {
        ByteBuffer all = ByteBuffer.allocate(bytes);
        while (all.hasRemaining() && channel.read(all) >= 0) {
            // more to come
        }
    }

    private static String hear(SocketChannel channel) throws IOException {
        StringBuilder line = new StringBuilder();
        ByteBuffer next = ByteBuffer.allocate(1);
        while (channel.read(next.clear()) == 1) {
            if (next.get(0) == '\n') {
                return line.toString();
            }
            line.append((char) next.get(0));
        }
        throw new EOFException();
    }
}
