package buoy.lb.health;

import buoy.config.model.Health.Role;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What Patroni's REST API says of its node in the body of an answer (Patroni documentation,
 * "Patroni REST API"). What is missing or not understood is left out: the status decides, not the
 * body.
 *
 * @param state such as {@code running}; empty if not said
 */
record PatroniBody(String state, Optional<Report> report) {
    private static final JsonFactory JSON = new JsonFactory();

    boolean running() {
        return state.equals("running");
    }

    /** Reads a body of octets. */
    static PatroniBody read(String body) {
        Map<String, String> said;
        try (JsonParser parser = JSON.createParser(body)) {
            said = scalars(parser);
        } catch (IOException _) {
            return new PatroniBody("", Optional.empty());
        }
        return new PatroniBody(
                said.getOrDefault("state", ""),
                role(said)
                        .map(
                                role ->
                                        new Report(
                                                role,
                                                said.getOrDefault("database_system_identifier", ""),
                                                (int) Math.min(number(said, "timeline"), 1 << 30),
                                                Math.max(
                                                        number(said, "xlog.location"),
                                                        number(said, "xlog.received_location")),
                                                number(said, "xlog.replayed_location"))));
    }

    /** Single values of the object and of the objects in it, by path; lists are passed over. */
    private static Map<String, String> scalars(JsonParser parser) throws IOException {
        Map<String, String> scalars = new HashMap<>();
        String within = "";
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            return scalars;
        }
        for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
            switch (token) {
                case START_ARRAY -> parser.skipChildren();
                case START_OBJECT -> {
                    if (within.isEmpty()) {
                        within = parser.currentName() + ".";
                    } else {
                        parser.skipChildren();
                    }
                }
                case END_OBJECT -> within = "";
                default -> {
                    if (token.isScalarValue()) {
                        scalars.put(within + parser.currentName(), parser.getText());
                    }
                }
            }
        }
        return scalars;
    }

    private static Optional<Role> role(Map<String, String> said) {
        return switch (said.getOrDefault("role", "")) {
            case "primary", "master" -> Optional.of(Role.PRIMARY);
            case "replica" ->
                    Optional.of(
                            said.getOrDefault("sync_standby", "").equals("true")
                                    ? Role.SYNC
                                    : Role.REPLICA);
            case "standby_leader" -> Optional.of(Role.STANDBY_LEADER);
            default -> Optional.empty();
        };
    }

    private static long number(Map<String, String> said, String name) {
        String text = said.getOrDefault(name, "");
        return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : 0;
    }
}
