package buoy.daemon.explain;

import buoy.daemon.explain.Explanation.PoolPart;
import buoy.daemon.explain.Explanation.ServerPart;
import buoy.daemon.explain.Explanation.TriedRoute;
import buoy.daemon.json.JsonText;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;

/** An explanation for machines. */
public final class ExplainJson {
    private ExplainJson() {}

    public static String of(Explanation it) {
        return new JsonText()
                        .of(
                                out -> {
                                    out.useDefaultPrettyPrinter();
                                    write(out, it);
                                })
                + "\n";
    }

    private static void write(JsonGenerator out, Explanation it) throws IOException {
        out.writeStartObject();
        out.writeStringField("listener", it.listener());
        out.writeStringField("why", it.why());
        if (it.certificate().isPresent()) {
            out.writeStringField("certificate", it.certificate().get());
        }
        out.writeArrayFieldStart("routes");
        for (TriedRoute route : it.tried()) {
            out.writeStartObject();
            out.writeNumberField("number", route.number());
            out.writeBooleanField("fits", route.fits());
            strings(out, "asks", route.asks());
            strings(out, "misses", route.misses());
            out.writeEndObject();
        }
        out.writeEndArray();
        out.writeBooleanField("routed", !it.refused());
        out.writeStringField("outcome", it.outcome());
        strings(out, "besides", it.besides());
        strings(out, "sent", it.sent());
        out.writeArrayFieldStart("pools");
        for (PoolPart pool : it.pools()) {
            write(out, pool);
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, PoolPart pool) throws IOException {
        out.writeStartObject();
        out.writeStringField("name", pool.name());
        out.writeStringField("role", pool.role());
        out.writeStringField("how", pool.how());
        strings(out, "now", pool.now());
        if (pool.choice().isPresent()) {
            out.writeStringField("choice", pool.choice().get());
        }
        out.writeArrayFieldStart("servers");
        for (ServerPart server : pool.servers()) {
            out.writeStartObject();
            out.writeStringField("name", server.name());
            out.writeStringField("address", server.address());
            if (server.eligible().isPresent()) {
                out.writeBooleanField("eligible", server.eligible().get());
            }
            out.writeStringField("why", server.why());
            out.writeEndObject();
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    private static void strings(JsonGenerator out, String name, List<String> all)
            throws IOException {
        out.writeArrayFieldStart(name);
        for (String each : all) {
            out.writeString(each);
        }
        out.writeEndArray();
    }
}
