package buoy.lb.pool;

import buoy.config.model.Sticky;
import buoy.lb.select.Hash;
import buoy.lb.select.Selector;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A pool's {@code sticky}, over the servers of one snapshot. Workers ask it. */
public sealed interface Sticking {
    /**
     * The server that the work belongs to, whatever its state; null if none is known.
     *
     * @param now as {@link System#nanoTime}
     */
    @Nullable Server of(Work work, long now);

    /** The work goes to this server. */
    default void goesTo(Server server, Work work, long now) {}

    /** The field line that tells the client where it was; null if it knows, or need not. */
    default byte @Nullable [] line(Server by, Work work) {
        return null;
    }

    /** The cookie of the server's answers to learn from; null if none. */
    default byte @Nullable [] learnsFrom() {
        return null;
    }

    /** An answer of this server set the cookie to a value with this hash. */
    default void learn(long value, Server by, long now) {}

    /**
     * As configured.
     *
     * @param remembered a megabyte, for those that need it
     */
    static Sticking of(
            String pool, Sticky sticky, List<Server> servers, Supplier<Remembered> remembered) {
        return switch (sticky) {
            case Sticky.OwnCookie cookie -> OwnCookie.of(pool, cookie, servers);
            case Sticky.AppCookie(String name) ->
                    new AppCookie(
                            name.getBytes(StandardCharsets.US_ASCII),
                            servers,
                            hashes(servers.stream().map(Server::name).toList()),
                            remembered.get());
            case Sticky.Source(Duration ttl) ->
                    new Source(ttl.toNanos(), servers, remembered.get());
        };
    }

    private static long[] hashes(List<String> texts) {
        return texts.stream()
                .mapToLong(text -> Hash.of(text.getBytes(StandardCharsets.UTF_8)))
                .toArray();
    }

    private static @Nullable Server find(long hash, long[] hashes, List<Server> servers) {
        for (int i = 0; hash != Selector.NO_KEY && i < hashes.length; i++) {
            if (hashes[i] == hash) {
                return servers.get(i);
            }
        }
        return null;
    }

    /**
     * A cookie whose value stands for a server and does not show its name: a digest of pool and
     * name, so that both hosts of a pair read each other's.
     */
    @SuppressWarnings("ArrayRecordComponent") // compared with nothing, and never written to
    record OwnCookie(byte[] name, List<Server> servers, long[] values, byte[][] lines)
            implements Sticking {
        static OwnCookie of(String pool, Sticky.OwnCookie cookie, List<Server> servers) {
            List<String> values =
                    servers.stream().map(server -> value(pool, server.name())).toList();
            byte[][] lines =
                    values.stream()
                            .map(value -> line(cookie, value).getBytes(StandardCharsets.US_ASCII))
                            .toArray(byte[][]::new);
            return new OwnCookie(
                    cookie.name().getBytes(StandardCharsets.US_ASCII),
                    servers,
                    hashes(values),
                    lines);
        }

        /** 128 bits, 22 characters. */
        private static String value(String pool, String server) {
            try {
                byte[] digest =
                        MessageDigest.getInstance("SHA-256")
                                .digest(
                                        ("buoy sticky\0" + pool + "\0" + server)
                                                .getBytes(StandardCharsets.UTF_8));
                return Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(Arrays.copyOf(digest, 16));
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java has SHA-256", e);
            }
        }

        /** RFC 6265 4.1. */
        private static String line(Sticky.OwnCookie cookie, String value) {
            String sameSite = cookie.sameSite().name();
            return "Set-Cookie: %s=%s; Path=/%s%s; SameSite=%s%s\r\n"
                    .formatted(
                            cookie.name(),
                            value,
                            cookie.secure() ? "; Secure" : "",
                            cookie.httpOnly() ? "; HttpOnly" : "",
                            sameSite.charAt(0),
                            sameSite.substring(1).toLowerCase(Locale.ROOT));
        }

        @Override
        public @Nullable Server of(Work work, long now) {
            return find(work.cookie(name), values, servers);
        }

        @Override
        public byte @Nullable [] line(Server by, Work work) {
            int at = servers.indexOf(by);
            return at < 0 || work.cookie(name) == values[at] ? null : lines[at];
        }
    }

    /** The application's cookie. */
    @SuppressWarnings("ArrayRecordComponent") // compared with nothing, and never written to
    record AppCookie(byte[] name, List<Server> servers, long[] names, Remembered remembered)
            implements Sticking {
        /** A session that was not used for so long is over for most applications. */
        private static final Duration UNUSED = Duration.ofDays(1);

        @Override
        public @Nullable Server of(Work work, long now) {
            Server named = find(work.cookieRoute(name), names, servers);
            if (named != null) {
                return named;
            }
            Server learnt = learnt(work.cookie(name), now);
            return learnt != null && servers.contains(learnt) ? learnt : null;
        }

        private @Nullable Server learnt(long value, long now) {
            return value == Selector.NO_KEY ? null : remembered.find(value, now, UNUSED.toNanos());
        }

        /** Only of a value that a server gave: clients could make up any number of them. */
        @Override
        public void goesTo(Server server, Work work, long now) {
            long value = work.cookie(name);
            if (learnt(value, now) != null) {
                remembered.put(value, server, now);
            }
        }

        @Override
        public byte @Nullable [] learnsFrom() {
            return name;
        }

        @Override
        public void learn(long value, Server by, long now) {
            remembered.put(value, by, now);
        }
    }

    /** The client's address. */
    record Source(long ttlNanos, List<Server> servers, Remembered remembered) implements Sticking {
        @Override
        public @Nullable Server of(Work work, long now) {
            long source = work.source();
            Server met = source == Selector.NO_KEY ? null : remembered.find(source, now, ttlNanos);
            return met != null && servers.contains(met) ? met : null;
        }

        @Override
        public void goesTo(Server server, Work work, long now) {
            long source = work.source();
            if (source != Selector.NO_KEY) {
                remembered.put(source, server, now);
            }
        }
    }
}
