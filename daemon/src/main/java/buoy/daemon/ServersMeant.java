package buoy.daemon;

import buoy.config.model.Endpoint;
import buoy.config.model.ServerAddress;
import buoy.lb.ServerPlace;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which servers an operator means. The same machine is often in several pools. */
sealed interface ServersMeant {
    /** In place of a pool: every one. */
    String EVERY_POOL = "*";

    /** How they are written, for people. */
    String FORMS = "POOL/SERVER, '*/SERVER' for that of every pool, or ADDRESS[:PORT]";

    /** {@code POOL/SERVER}. */
    record InPool(String pool, String server) implements ServersMeant {
        @Override
        public boolean includes(ServerPlace place) {
            return place.pool().equals(pool) && place.name().equals(server);
        }
    }

    /** Those of one name, in whatever pool: *{@code /SERVER}. */
    record InEveryPool(String server) implements ServersMeant {
        @Override
        public boolean includes(ServerPlace place) {
            return place.name().equals(server);
        }
    }

    /**
     * Those at an address, under whatever name: {@code 198.51.100.11}, {@code [2001:db8::1]:443},
     * {@code app1.example.org:8080}.
     *
     * @param host an address, or a name as it is configured
     * @param port every one where it is empty
     */
    record At(String host, OptionalInt port) implements ServersMeant {
        private static final Pattern WITH_PORT =
                Pattern.compile("(?<host>\\[[^\\]]+]|[^:]+):(?<port>[0-9]{1,5})");

        static At of(String text) {
            Matcher both = WITH_PORT.matcher(text);
            return both.matches()
                    ? new At(
                            bare(both.group("host")),
                            OptionalInt.of(Integer.parseInt(both.group("port"))))
                    : new At(bare(text), OptionalInt.empty());
        }

        private static String bare(String host) {
            return host.startsWith("[") && host.endsWith("]")
                    ? host.substring(1, host.length() - 1)
                    : host;
        }

        @Override
        public boolean includes(ServerPlace place) {
            return !(place.configured() instanceof ServerAddress.Local)
                    && (port.isEmpty() || port.getAsInt() == place.configured().port())
                    && (isNamed(place.configured()) || isNow(place));
        }

        private boolean isNamed(ServerAddress configured) {
            String name = host.toLowerCase(Locale.ROOT);
            return configured instanceof ServerAddress.Named
                    && configured.host().equals(name.replaceFirst("\\.$", ""));
        }

        private boolean isNow(ServerPlace place) {
            return place.whereabouts().at().orElse(null) instanceof Endpoint now
                    && literal().filter(now.address()::equals).isPresent();
        }

        private Optional<InetAddress> literal() {
            try {
                return Optional.of(InetAddress.ofLiteral(host));
            } catch (IllegalArgumentException _) {
                return Optional.empty();
            }
        }
    }

    /** Whatever it is that somebody wrote. */
    static ServersMeant of(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            return At.of(text);
        }
        String pool = text.substring(0, slash);
        String server = text.substring(slash + 1);
        return pool.equals(EVERY_POOL) ? new InEveryPool(server) : new InPool(pool, server);
    }

    boolean includes(ServerPlace place);

    /** Those of these that are meant. */
    default List<ServerPlace> among(List<ServerPlace> all) {
        return all.stream().filter(this::includes).toList();
    }
}
