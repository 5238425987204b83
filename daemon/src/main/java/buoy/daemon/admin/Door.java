package buoy.daemon.admin;

import buoy.config.model.Endpoint;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollServerSocketChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.OptionalInt;

/** One listening socket for operators, open from construction until closed. */
public final class Door implements AutoCloseable {
    /** The longest path the kernel takes: sun_path of unix(7), with its final zero. */
    private static final int LONGEST_PATH = 107;

    private static final String SUFFIX = ".new";

    private final Channel channel;
    private final Optional<Made> file;

    /** What is still to be done before anybody finds it. */
    private Entrance entrance;

    @FunctionalInterface
    private interface Entrance {
        void open() throws IOException;
    }

    /** A socket's file, and what the file system knows it by. */
    private record Made(Path path, Object key) {
        private static Object key(Path path) throws IOException {
            return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                    .fileKey();
        }

        /** Unless another socket has taken its place. */
        void remove() throws IOException {
            if (key.equals(key(path))) {
                Files.deleteIfExists(path);
            }
        }
    }

    private Door(Channel channel, Optional<Made> file, Entrance entrance) {
        this.channel = channel;
        this.file = file;
        this.entrance = entrance;
    }

    /**
     * Makes the admin socket, mode 0660, which takes the place of whatever lies there when it
     * {@link #appear}s: who calls this holds the {@link AdminLock} of that path.
     */
    public static Door unix(DoorLoop loop, Path socket, Handler handler) throws DoorRefused {
        Path fresh = socket.resolveSibling(socket.getFileName() + SUFFIX);
        if (fresh.toString().getBytes(StandardCharsets.UTF_8).length > LONGEST_PATH) {
            throw new DoorRefused(
                    "admin socket %s: the path is too long for a unix socket (at most %d bytes)"
                            .formatted(socket, LONGEST_PATH - SUFFIX.length()),
                    null);
        }
        try {
            Files.deleteIfExists(fresh);
            ServerBootstrap bootstrap =
                    new ServerBootstrap()
                            .group(loop.group())
                            .channel(loop.unix())
                            .childHandler(new Visitors(handler, host -> true));
            Channel channel = bind(bootstrap.bind(loop.unixAddress(fresh)));
            Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rw-rw----"));
            Made made = new Made(socket, Made.key(fresh));
            return new Door(
                    channel,
                    Optional.of(made),
                    () -> Files.move(fresh, socket, StandardCopyOption.ATOMIC_MOVE));
        } catch (IOException e) {
            throw new DoorRefused(
                    "admin socket %s: %s (the directory must exist and be writable for this user)"
                            .formatted(socket, AdminLock.reason(e)),
                    e);
        }
    }

    /** Opens the stats address. Port 0 takes any free one. */
    public static Door tcp(DoorLoop loop, Endpoint bind, Handler handler) throws DoorRefused {
        ServerBootstrap bootstrap =
                new ServerBootstrap()
                        .group(loop.group())
                        .channel(loop.tcp())
                        .childHandler(new Visitors(handler, HostCheck.of(bind.address())));
        try {
            return new Door(
                    bind(bootstrap.bind(new InetSocketAddress(bind.address(), bind.port()))),
                    Optional.empty(),
                    () -> {});
        } catch (IOException e) {
            throw new DoorRefused(
                    "stats.bind %s: %s (is another program there? `ss -ltnp` tells)"
                            .formatted(bind, AdminLock.reason(e)),
                    e);
        }
    }

    /** Operators find it from now on. */
    public void appear() throws DoorRefused {
        try {
            entrance.open();
            entrance = () -> {};
        } catch (IOException e) {
            throw new DoorRefused(
                    "admin socket: %s (the directory must be writable for this user)"
                            .formatted(AdminLock.reason(e)),
                    e);
        }
    }

    /**
     * A stats address that the process before this one has opened. Nobody is let in until it {@link
     * #appear}s.
     *
     * @param descriptor of its listening socket; belongs to the door from now on
     */
    public static Door passedOn(DoorLoop loop, Endpoint bind, int descriptor, Handler handler)
            throws DoorRefused {
        ServerBootstrap bootstrap =
                new ServerBootstrap()
                        .group(loop.group())
                        .channelFactory(() -> new EpollServerSocketChannel(descriptor))
                        .option(ChannelOption.AUTO_READ, false)
                        .childHandler(new Visitors(handler, HostCheck.of(bind.address())));
        try {
            Channel channel = bind(bootstrap.register());
            return new Door(channel, Optional.empty(), () -> channel.config().setAutoRead(true));
        } catch (IOException e) {
            throw new DoorRefused(
                    "stats.bind %s: cannot be taken over: %s".formatted(bind, AdminLock.reason(e)),
                    e);
        }
    }

    /** To be passed on; it stays ours. Empty where the transport has none. */
    public OptionalInt descriptor() {
        return channel instanceof EpollServerSocketChannel epoll
                ? OptionalInt.of(epoll.fd().intValue())
                : OptionalInt.empty();
    }

    private static Channel bind(ChannelFuture future) throws IOException {
        future.awaitUninterruptibly();
        if (!future.isSuccess()) {
            Throwable cause = future.cause();
            throw cause instanceof IOException io ? io : new IOException(cause);
        }
        return future.channel();
    }

    /** The port bound. Only of a TCP door. */
    public int port() {
        return ((InetSocketAddress) channel.localAddress()).getPort();
    }

    /** No new connections; live ones finish or run into their bounds. */
    @Override
    public void close() {
        channel.close().awaitUninterruptibly();
        file.ifPresent(
                made -> {
                    try {
                        made.remove();
                    } catch (IOException _) {
                        // A dead socket is in nobody's way: the next start replaces it.
                    }
                });
    }
}
