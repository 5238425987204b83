package buoy.daemon.status;

import buoy.daemon.json.JsonText;
import buoy.lb.LiveSession;
import buoy.lb.SessionList;
import buoy.lb.pool.Doing;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;

/** {@code GET /api/v1/sessions} and {@code buoy sessions --json}. */
public final class SessionsJson {
    private SessionsJson() {}

    public static String of(SessionList list, JsonText json) {
        return json.of(
                        out -> {
                            out.writeStartObject();
                            out.writeNumberField("matching", list.matching());
                            out.writeArrayFieldStart("silent-workers");
                            for (int worker : list.silent()) {
                                out.writeNumber(worker);
                            }
                            out.writeEndArray();
                            out.writeArrayFieldStart("sessions");
                            for (LiveSession each : list.sessions()) {
                                write(out, each);
                            }
                            out.writeEndArray();
                            out.writeEndObject();
                        })
                + "\n";
    }

    private static void write(JsonGenerator out, LiveSession session) throws IOException {
        Doing doing = session.doing();
        out.writeStartObject();
        out.writeStringField("id", session.id());
        out.writeStringField("client", SessionsText.client(session.ends()));
        out.writeStringField("listener", session.listener());
        out.writeStringField("protocol", SessionsText.protocol(session));
        out.writeArrayFieldStart("targets");
        for (Doing.Target target : doing.targets()) {
            out.writeStartObject();
            out.writeStringField("pool", target.pool());
            if (target.server().isPresent()) {
                out.writeStringField("server", target.server().get());
            }
            out.writeEndObject();
        }
        out.writeEndArray();
        out.writeStringField("state", doing.state().toString());
        out.writeNumberField("exchanges", doing.exchanges());
        out.writeStringField("since", session.since().toString());
        out.writeNumberField("bytes-from-client", doing.fromClient());
        out.writeNumberField("bytes-to-client", doing.toClient());
        if (doing.user().isPresent()) {
            out.writeStringField("user", SessionsText.printable(doing.user().get()));
        }
        if (doing.database().isPresent()) {
            out.writeStringField("database", SessionsText.printable(doing.database().get()));
        }
        out.writeEndObject();
    }
}
