package buoy.bench;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;

/** The figures for programs, every sample included. */
final class ResultFile {
    private ResultFile() {}

    /** Writes a new file into bench/results. */
    static Path write(
            Plan plan,
            Instant when,
            Machine machine,
            Map<String, String> versions,
            List<Outcome> outcomes) {
        Instant second = when.truncatedTo(ChronoUnit.SECONDS);
        String name = second.toString().replace(":", "") + ".json";
        try {
            Path directory =
                    Files.createDirectories(plan.root().resolve("bench").resolve("results"));
            Path file = directory.resolve(name);
            try (Writer writer = Files.newBufferedWriter(file);
                    JsonGenerator json = new JsonFactory().createGenerator(writer)) {
                json.useDefaultPrettyPrinter();
                json.writeStartObject();
                json.writeStringField("when", second.toString());
                write(machine, json);
                json.writeObjectFieldStart("plan");
                json.writeNumberField("rounds", plan.rounds());
                json.writeNumberField("seconds", plan.turn().toSeconds());
                json.writeNumberField("connections", Plan.CONNECTIONS);
                json.writeEndObject();
                json.writeObjectFieldStart("versions");
                for (var version : versions.entrySet()) {
                    json.writeStringField(version.getKey(), version.getValue());
                }
                json.writeEndObject();
                json.writeArrayFieldStart("outcomes");
                for (Outcome outcome : outcomes) {
                    write(outcome, rows(outcomes, outcome.what()), json);
                }
                json.writeEndArray();
                json.writeEndObject();
            }
            return file;
        } catch (IOException e) {
            throw new BenchFailed("the result cannot be kept: " + e.getMessage(), e);
        }
    }

    private static List<Outcome> rows(List<Outcome> outcomes, Case what) {
        return outcomes.stream().filter(one -> one.what() == what).toList();
    }

    private static void write(Machine machine, JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("machine");
        json.writeStringField("processor", machine.processor());
        json.writeNumberField("cores", machine.cores());
        json.writeStringField("kernel", machine.kernel());
        json.writeNumberField("idle-percent-before", machine.idlePercent());
        json.writeEndObject();
    }

    private static void write(Outcome outcome, List<Outcome> rows, JsonGenerator json)
            throws IOException {
        Outcome first = rows.getFirst();
        Outcome best = Outcome.best(rows);
        json.writeStartObject();
        json.writeStringField("case", outcome.what().key());
        json.writeStringField("contender", outcome.contender().name());
        json.writeNumberField("cpu-us-per-request", outcome.microsPerRequest());
        json.writeNumberField("ratio", outcome.ratio(first));
        json.writeStringField("ratio-to", first.contender().name());
        json.writeNumberField("ratio-to-best", outcome.ratio(best));
        json.writeStringField("best", best.contender().name());
        json.writeNumberField("idle-percent-before", outcome.idlePercent());
        json.writeNumberField("resident-kib", outcome.residentKib());
        json.writeArrayFieldStart("samples");
        for (Sample sample : outcome.samples()) {
            json.writeStartObject();
            json.writeNumberField("requests", sample.load().requests());
            json.writeNumberField("seconds", sample.load().seconds());
            json.writeNumberField("cpu-seconds", sample.cpu().toMillis() / 1e3);
            json.writeNumberField("cpu-us-per-request", sample.microsPerRequest());
            json.writeNumberField("p50-us", sample.load().p50());
            json.writeNumberField("p99-us", sample.load().p99());
            json.writeNumberField("errors", sample.load().errors());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeArrayFieldStart("latencies");
        for (Latency latency : outcome.latencies()) {
            json.writeStartObject();
            json.writeNumberField("requests-per-second", latency.rate());
            json.writeNumberField("p50-us", latency.p50());
            json.writeNumberField("p99-us", latency.p99());
            json.writeNumberField("p99.9-us", latency.p999());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }
}
