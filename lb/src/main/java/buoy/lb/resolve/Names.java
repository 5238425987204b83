package buoy.lb.resolve;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The names that are followed, each looked up when its time comes, on one thread of their own. */
public final class Names implements AutoCloseable {
    /** Told, on that thread, after what is new can be read with {@link Names#known}. */
    public interface Reader {
        void news(String name, Known now, News news);
    }

    private static final Path HOSTS = Path.of("/etc/hosts");
    private static final Path RESOLV_CONF = Path.of("/etc/resolv.conf");

    private final Path hosts;
    private final Path resolvConf;
    private final Reader reader;
    private final Map<String, Known> known = new ConcurrentHashMap<>();

    /** There as soon as there is a name. */
    private @Nullable Asking asking;

    /**
     * The thread and what lives on it.
     *
     * @param turns of each name that is followed: what is under way for an older one is forgotten
     */
    private record Asking(
            EventLoopGroup group, EventLoop loop, Lookup lookup, Map<String, Object> turns) {}

    public Names(Reader reader) {
        this(reader, HOSTS, RESOLV_CONF);
    }

    /** With other files of these forms. */
    Names(Reader reader, Path hosts, Path resolvConf) {
        this.reader = reader;
        this.hosts = hosts;
        this.resolvConf = resolvConf;
    }

    /**
     * Follows these names and no others from now on; what is known of those that stay is kept.
     *
     * @param servers to ask, best first; none means those of {@code /etc/resolv.conf}
     */
    public synchronized void follow(Set<String> names, List<InetSocketAddress> servers) {
        if (names.isEmpty() && asking == null) {
            return;
        }
        Asking with = asking == null ? start() : asking;
        asking = with;
        with.lookup.ask(servers);
        Set<String> wanted = Set.copyOf(names);
        with.loop.execute(
                () -> {
                    with.turns.keySet().retainAll(wanted);
                    known.keySet().retainAll(wanted);
                    for (String name : wanted) {
                        if (!with.turns.containsKey(name)) {
                            Object turn = new Object();
                            with.turns.put(name, turn);
                            find(with, name, turn);
                        }
                    }
                });
    }

    /** What is known of a name, once an answer came. */
    public Optional<Known> known(String name) {
        return Optional.ofNullable(known.get(name));
    }

    private Asking start() {
        EventLoopGroup group =
                new MultiThreadIoEventLoopGroup(
                        1, new DefaultThreadFactory("buoy-names", true), NioIoHandler.newFactory());
        EventLoop loop = group.next();
        return new Asking(group, loop, new Lookup(loop, hosts, resolvConf), new HashMap<>());
    }

    private void find(Asking with, String name, Object turn) {
        with.lookup.find(name, answer -> answered(with, name, turn, answer));
    }

    private void answered(Asking with, String name, Object turn, Answer answer) {
        if (with.turns.get(name) != turn) {
            return;
        }
        Known.Step step = known.getOrDefault(name, Known.NOTHING).after(answer);
        known.put(name, step.next());
        // First what must happen whatever the reader makes of its news.
        again(with, name, turn, step.pause());
        step.news().ifPresent(news -> reader.news(name, step.next(), news));
    }

    private void again(Asking with, String name, Object turn, Duration pause) {
        var _ =
                with.loop.schedule(
                        () -> {
                            if (with.turns.get(name) == turn) {
                                find(with, name, turn);
                            }
                        },
                        pause.toMillis(),
                        TimeUnit.MILLISECONDS);
    }

    @Override
    public synchronized void close() {
        Asking with = asking;
        if (with != null) {
            with.loop.execute(with.turns::clear);
            with.lookup.close();
            with.group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2000);
        }
    }
}
