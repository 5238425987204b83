package buoy.daemon.status;

import buoy.config.model.Endpoint;
import buoy.lb.LiveSession;
import buoy.lb.SessionList;
import buoy.lb.pool.Doing;
import buoy.lb.proxy.Ends;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Collectors;

/** {@code buoy sessions}: a line each, aligned, and how many there are besides. */
public final class SessionsText {
    /** Longer names of clients are cut: PostgreSQL has none of more than 63 octets. */
    private static final int LONGEST = 63;

    private SessionsText() {}

    public static String of(SessionList list, Instant now) {
        return of(list, now, Paint.PLAIN);
    }

    public static String of(SessionList list, Instant now, Paint paint) {
        StringBuilder out = new StringBuilder(256);
        if (!list.sessions().isEmpty()) {
            TextTable table =
                    new TextTable(
                            "",
                            "ID",
                            "CLIENT",
                            "LISTENER",
                            "PROTOCOL",
                            "SERVER",
                            "STATE",
                            "FOR",
                            "FROM CLIENT",
                            "TO CLIENT",
                            "WHOSE");
            for (LiveSession each : list.sessions()) {
                Doing doing = each.doing();
                table.row(
                        each.id(),
                        client(each.ends()),
                        each.listener(),
                        protocol(each),
                        servers(doing),
                        painted(doing, paint),
                        Words.span(Duration.between(each.since(), now)),
                        Words.bytes(doing.fromClient()),
                        Words.bytes(doing.toClient()),
                        whose(doing));
            }
            table.appendTo(out);
        }
        long more = list.matching() - list.sessions().size();
        if (more > 0) {
            out.append("and %d more, which came later (--limit N)%n".formatted(more));
        } else if (list.sessions().isEmpty()) {
            out.append("no sessions\n");
        }
        for (int worker : list.silent()) {
            out.append(paint.bad("BAD      worker " + worker))
                    .append(" does not answer: what it has is not listed\n");
        }
        return out.toString();
    }

    /** One of them, in a sentence. */
    public static String inWords(LiveSession session) {
        String servers = servers(session.doing());
        return "%s of %s on listener %s%s"
                .formatted(
                        state(session.doing()),
                        client(session.ends()),
                        session.listener(),
                        servers.equals("-") ? "" : " with " + servers);
    }

    /** As it is written with its port; {@code unix} where it has no address. */
    static String client(Ends ends) {
        InetSocketAddress client = ends.client();
        return ends.areKnown()
                ? new Endpoint(client.getAddress(), client.getPort()).toString()
                : "unix";
    }

    static String protocol(LiveSession session) {
        return session.protocol() + session.doing().version().map(each -> "/" + each).orElse("");
    }

    private static String servers(Doing doing) {
        return doing.targets().isEmpty()
                ? "-"
                : doing.targets().stream().map(Object::toString).collect(Collectors.joining(" "));
    }

    /** What waits stands out. */
    private static String painted(Doing doing, Paint paint) {
        return switch (doing.state()) {
            case HELD, QUEUED -> paint.doubtful(state(doing));
            case EXCHANGE, SESSION, TUNNEL -> paint.good(state(doing));
            case BEGINNING, IDLE, CONNECTING, ENDING -> state(doing);
        };
    }

    private static String state(Doing doing) {
        return doing.state() + (doing.exchanges() > 1 ? " x" + doing.exchanges() : "");
    }

    /** What a client says is not to be trusted with a terminal. */
    private static String whose(Doing doing) {
        Optional<String> user = doing.user().map(SessionsText::printable);
        Optional<String> database = doing.database().map(SessionsText::printable);
        return user.map(name -> name + database.map(of -> " in " + of).orElse("")).orElse("-");
    }

    /** As much of it as PostgreSQL has names for, without what a terminal takes for a command. */
    static String printable(String said) {
        String shown =
                said.codePoints()
                        .limit(LONGEST)
                        .map(c -> Character.isLetterOrDigit(c) || (c > ' ' && c < 127) ? c : '?')
                        .collect(
                                StringBuilder::new,
                                StringBuilder::appendCodePoint,
                                StringBuilder::append)
                        .toString();
        return shown.length() < said.length() ? shown + "..." : shown;
    }
}
