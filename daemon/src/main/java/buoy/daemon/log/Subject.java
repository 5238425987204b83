package buoy.daemon.log;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.LogRecord;
import java.util.stream.Collectors;

/**
 * Whom a line is about, to tell repetition from news.
 *
 * @param source what part speaks: there are as many as the program has
 * @param kind the event's word, empty for a line that is none
 * @param name of an event what its kind names it by; of another line what stands before its first
 *     colon, as messages name their subject first. As many as there are things, which may be others
 *     than those of the configuration
 */
record Subject(String source, String kind, String name) {
    /** Names are kept: of a longer one so much. */
    private static final int LONGEST = 200;

    static Subject of(LogRecord record) {
        String source = Optional.ofNullable(record.getLoggerName()).orElse("");
        Fields fields = LineFormat.fields(record).orElse(Fields.NONE);
        return fields.event()
                .flatMap(EventKind::of)
                .map(kind -> new Subject(source, kind.word(), named(kind, fields.values())))
                .orElseGet(() -> new Subject(source, "", beforeTheColon(record)));
    }

    /** All that the source speaks about, for where there is no room for each. */
    Subject all() {
        return new Subject(source, "", "");
    }

    /**
     * Lines about one subject with equal ones are alike: they tell of the same, as two that a
     * server is down do.
     */
    static String facts(LogRecord record) {
        Map<String, Object> values = LineFormat.fields(record).map(Fields::values).orElse(Map.of());
        return String.join(" ", values.keySet())
                + " "
                + record.getLevel()
                + " "
                + values.getOrDefault("kind", "")
                + " "
                + values.getOrDefault("trouble", "");
    }

    private static String named(EventKind kind, Map<String, Object> values) {
        return cut(
                naming(kind).stream()
                        .map(field -> String.valueOf(values.get(field)))
                        .collect(Collectors.joining(" ")));
    }

    /** The fields that name whom an event happened to. */
    private static List<String> naming(EventKind kind) {
        return switch (kind) {
            case START, STOP, READER_CUT -> List.of();
            case RELOAD -> List.of("file");
            case ROUTER_STATE, ROUTER_PRIORITY, TAKEN_OVER -> List.of("router");
            case ROUTER_WARNING -> List.of("router", "kind", "peer");
            case ROUTER_PEER -> List.of("router", "peer");
            case HANDOVER -> List.of("routers");
            case TRACKED -> List.of("subject");
            case NOTIFY -> List.of("router", "command");
            case SERVER -> List.of("pool", "server");
            case NAME -> List.of("name");
            case POOL -> List.of("pool");
            case LISTENER -> List.of("listener", "address");
            case CERTIFICATE -> List.of("certificate");
            case PEER -> List.of("peer");
            case LOGIN -> List.of("from");
            case ACTION -> List.of("user", "from", "path");
            case WORKER -> List.of("worker");
            case ACCESS_LOG -> List.of("to");
        };
    }

    private static String beforeTheColon(LogRecord record) {
        String message = Optional.ofNullable(record.getMessage()).orElse("");
        int colon = message.indexOf(": ");
        return cut(colon < 0 ? message : message.substring(0, colon));
    }

    private static String cut(String name) {
        return name.substring(0, Math.min(name.length(), LONGEST));
    }
}
