package buoy.daemon.history;

import buoy.daemon.json.JsonText;
import buoy.lb.pool.Flow;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** What is remembered, as JSON. */
public final class HistoryJson {
    private static final double MICROS = 1e6;

    private HistoryJson() {}

    public static String of(Past past, JsonText json) {
        return json.of(out -> write(past, out)) + "\n";
    }

    private static void write(Past past, JsonGenerator out) throws IOException {
        out.writeStartObject();
        out.writeNumberField("step-seconds", Past.STEP.toSeconds());
        out.writeNumberField("latency-step-seconds", Past.COLUMN.toSeconds());
        out.writeArrayFieldStart("latency-below-seconds");
        for (int i = 0; i < Flow.BUCKETS - 1; i++) {
            out.writeNumber(Flow.belowMicros(i) / MICROS);
        }
        out.writeEndArray();
        rates("listeners", past.listeners(), false, out);
        rates("pools", past.pools(), true, out);
        changes("routers", past.routers(), out);
        changes("servers", past.servers(), out);
        out.writeEndObject();
    }

    private static void rates(String kind, List<Rate> rates, boolean latencies, JsonGenerator out)
            throws IOException {
        out.writeObjectFieldStart(kind);
        for (Rate each : rates) {
            out.writeObjectFieldStart(each.name());
            out.writeFieldName("finished");
            numbers(each.finished(), out);
            out.writeFieldName("failed");
            numbers(each.failed(), out);
            if (latencies) {
                out.writeArrayFieldStart("latencies");
                for (List<Integer> column : each.latencies()) {
                    numbers(column, out);
                }
                out.writeEndArray();
            }
            out.writeEndObject();
        }
        out.writeEndObject();
    }

    private static void numbers(List<Integer> numbers, JsonGenerator out) throws IOException {
        out.writeStartArray();
        for (int each : numbers) {
            out.writeNumber(each);
        }
        out.writeEndArray();
    }

    private static void changes(String kind, Map<String, List<Change>> all, JsonGenerator out)
            throws IOException {
        out.writeObjectFieldStart(kind);
        for (Map.Entry<String, List<Change>> each : all.entrySet()) {
            out.writeArrayFieldStart(each.getKey());
            for (Change change : each.getValue()) {
                out.writeStartObject();
                out.writeStringField("at", change.at().toString());
                out.writeStringField("from", change.from());
                out.writeStringField("to", change.to());
                out.writeEndObject();
            }
            out.writeEndArray();
        }
        out.writeEndObject();
    }
}
