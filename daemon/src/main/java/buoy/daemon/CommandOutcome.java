package buoy.daemon;

import buoy.daemon.json.JsonText;
import java.util.Collection;
import java.util.Optional;

/** What came of a command about one thing of the configuration: a router, a pool or a server. */
sealed interface CommandOutcome {
    /** In a sentence, for whoever asked. */
    String said();

    /** For machines, as one line. */
    static String json(boolean done, String said) {
        return new JsonText()
                        .of(
                                out -> {
                                    out.writeStartObject();
                                    out.writeBooleanField("done", done);
                                    out.writeStringField("said", said);
                                    out.writeEndObject();
                                })
                + "\n";
    }

    /**
     * What an operator wants from now on is so.
     *
     * @param unkept why a restart forgets it, if it does
     */
    static CommandOutcome ordered(String said, Optional<String> unkept) {
        return new Done(
                said + unkept.map(why -> "\nnot kept, a restart forgets it: " + why).orElse(""));
    }

    record Done(String said) implements CommandOutcome {}

    /** Nothing has changed. */
    record Refused(String said) implements CommandOutcome {}

    /** Nothing of that kind has this name. */
    record Unknown(String said) implements CommandOutcome {
        /**
         * @param kind such as {@code router}
         * @param configured the names there are
         */
        static Unknown of(String kind, String name, Collection<String> configured) {
            return new Unknown(
                    "there is no %s %s (%s)"
                            .formatted(
                                    kind,
                                    name,
                                    configured.isEmpty()
                                            ? "none is configured"
                                            : "configured: " + String.join(", ", configured)));
        }
    }
}
