package buoy.daemon.imports.nginx;

import buoy.config.Text;
import buoy.daemon.imports.draft.Mark;
import buoy.daemon.imports.draft.Patterns;
import buoy.daemon.imports.draft.Remarks;
import buoy.daemon.imports.draft.RouteMatch;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which server is a request's, by {@code server_name}: a whole name, then the longest wildcard,
 * then the first pattern, then the one that is the listener's default.
 */
final class Hosts {
    /** Requests that fit go to this server, unless an entry before has taken them. */
    record Entry(RouteMatch match, Scope server) {}

    private static final Pattern NAME =
            Pattern.compile(
                    "(\\*\\.)?([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\\.)*[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?");

    /** As many as a person could still look through; there are no more routes either. */
    private static final int MOST = 2000;

    private record Named(String host, Scope server) {}

    private Hosts() {}

    static List<Entry> of(Sockets.Listener listener, Remarks remarks) {
        List<Named> whole = new ArrayList<>();
        List<Named> wild = new ArrayList<>();
        List<Named> patterns = new ArrayList<>();
        for (Scope server : listener.servers()) {
            for (Directive line : server.own("server_name")) {
                for (String written : line.args()) {
                    String name = written.toLowerCase(Locale.ROOT);
                    if (name.isEmpty() || name.equals("_")) {
                        continue; // no host is called so
                    }
                    boolean usual = server.place().equals(listener.usual().place());
                    if (name.startsWith("~")) {
                        pattern(written.substring(1), line.at(), usual, remarks).stream()
                                .map(host -> new Named(host, server))
                                .forEach(patterns::add);
                    } else if (name.startsWith(".") && NAME.matcher(name.substring(1)).matches()) {
                        whole.add(new Named(name.substring(1), server));
                        wild.add(new Named("*" + name, server));
                    } else if (NAME.matcher(name).matches()) {
                        (name.startsWith("*") ? wild : whole).add(new Named(name, server));
                    } else if (!usual) {
                        remarks.left(
                                line.at(),
                                "%s is no name of hosts that a match has"
                                        .formatted(Text.shown(written)),
                                "write match: {host: NAME} for each name that is meant");
                    }
                }
            }
        }
        wild.sort(Comparator.comparingInt((Named named) -> named.host().length()).reversed());
        List<Named> all = new ArrayList<>(whole);
        all.addAll(wild);
        all.addAll(patterns);
        return entries(all, listener.usual());
    }

    private static List<String> pattern(String pattern, Mark at, boolean usual, Remarks remarks) {
        // What a name catches is for variables alone.
        String plain = pattern.replaceAll("\\(\\?P?<[A-Za-z0-9_]+>", "(");
        List<String> names =
                Patterns.names(plain).stream()
                        .map(name -> name.toLowerCase(Locale.ROOT))
                        .filter(name -> NAME.matcher(name).matches())
                        .toList();
        if (names.isEmpty() && !usual) {
            remarks.left(
                    at,
                    "the hosts that ~%s fits cannot be told".formatted(Text.shown(pattern)),
                    "write match: {host: NAME} or {host: \"*.NAME\"} for each");
        }
        return names;
    }

    /** The first of a name counts; the default's names need none where nobody else takes them. */
    private static List<Entry> entries(List<Named> all, Scope usual) {
        Set<String> seen = new HashSet<>();
        List<Named> first =
                all.stream().filter(named -> seen.add(named.host())).limit(MOST).toList();
        List<Entry> entries = new ArrayList<>();
        List<RouteMatch> others = new ArrayList<>();
        for (Named named : first.reversed()) {
            RouteMatch match = RouteMatch.ofHost(named.host());
            if (!named.server().place().equals(usual.place())) {
                others.add(match);
            } else if (others.stream()
                    .allMatch(other -> other.and(match) instanceof RouteMatch.Both.Never)) {
                continue;
            }
            entries.addFirst(new Entry(match, named.server()));
        }
        entries.add(new Entry(RouteMatch.ANY, usual));
        return entries;
    }
}
