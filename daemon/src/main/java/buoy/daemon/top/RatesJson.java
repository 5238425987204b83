package buoy.daemon.top;

import buoy.daemon.json.JsonText;
import buoy.daemon.top.Sample.Times;
import buoy.daemon.top.Sample.Work;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** What happened between two samples, a second of each: a {@link Picture} for machines. */
final class RatesJson {
    private final Sample before;
    private final Sample now;
    private final double seconds;

    private RatesJson(Sample before, Sample now) {
        this.before = before;
        this.now = now;
        this.seconds = Math.max(0, Duration.between(before.at(), now.at()).toNanos() / 1e9);
    }

    static String of(Sample before, Sample now) {
        return new JsonText().of(new RatesJson(before, now)::write);
    }

    private void write(JsonGenerator out) throws IOException {
        out.writeStartObject();
        out.writeStringField("at", now.at().toString());
        out.writeNumberField("seconds", seconds);
        out.writeStringField("health", now.health());
        out.writeNumberField("connections", now.connections());
        out.writeArrayFieldStart("findings");
        for (String finding : now.findings()) {
            out.writeString(finding);
        }
        out.writeEndArray();
        out.writeArrayFieldStart("routers");
        for (Sample.Router each : now.routers()) {
            out.writeStartObject();
            out.writeStringField("name", each.name());
            out.writeStringField("state", each.state());
            out.writeNumberField("effective-priority", each.priority());
            out.writeStringField("since", each.since());
            out.writeStringField("why", each.why());
            out.writeEndObject();
        }
        out.writeEndArray();
        busy(
                out,
                "listeners",
                Sample::doors,
                Sample.Door::name,
                Sample.Door::work,
                each -> {
                    out.writeStringField("name", each.name());
                    out.writeStringField("protocol", each.protocol());
                    out.writeBooleanField("paused", each.paused());
                    out.writeNumberField("connections", each.connections());
                });
        busy(
                out,
                "servers",
                Sample::servers,
                Sample.Server::path,
                Sample.Server::work,
                each -> {
                    out.writeStringField("pool", each.pool());
                    out.writeStringField("name", each.name());
                    out.writeStringField("state", each.state());
                    out.writeStringField("why", each.why());
                    out.writeNumberField("active", each.active());
                });
        out.writeEndObject();
    }

    /** What one has beside its work. */
    private interface Own<T> {
        void write(T each) throws IOException;
    }

    private <T> void busy(
            JsonGenerator out,
            String name,
            Function<Sample, List<T>> all,
            Function<T, String> key,
            Function<T, Work> work,
            Own<T> own)
            throws IOException {
        Map<String, T> then = Picture.byName(all.apply(before), key);
        out.writeArrayFieldStart(name);
        for (T each : all.apply(now)) {
            out.writeStartObject();
            own.write(each);
            work(out, work.apply(each), Optional.ofNullable(then.get(key.apply(each))).map(work));
            out.writeEndObject();
        }
        out.writeEndArray();
    }

    private void work(JsonGenerator out, Work work, Optional<Work> was) throws IOException {
        long finished = was.map(Work::finished).orElse(0L);
        long failed = was.map(Work::failed).orElse(0L);
        out.writeNumberField(
                "per-second", rate(work.finished() + work.failed() - finished - failed));
        out.writeNumberField("failed-per-second", rate(work.failed() - failed));
        out.writeNumberField(
                "bytes-per-second", rate(work.bytes() - was.map(Work::bytes).orElse(0L)));
        out.writeObjectFieldStart("failures");
        Map<String, Long> then = was.map(Work::failures).orElse(Map.of());
        for (Map.Entry<String, Long> each : work.failures().entrySet()) {
            out.writeNumberField(
                    each.getKey(), rate(each.getValue() - then.getOrDefault(each.getKey(), 0L)));
        }
        out.writeEndObject();
        Times times = work.times();
        if (times.count() > 0) {
            out.writeObjectFieldStart("times");
            out.writeNumberField("count", times.count());
            out.writeNumberField("p50-seconds", times.p50());
            out.writeNumberField("p90-seconds", times.p90());
            out.writeNumberField("p99-seconds", times.p99());
            out.writeNumberField("p99.9-seconds", times.p999());
            out.writeEndObject();
        }
    }

    /** What has come in between; less than nothing is of another process. */
    private double rate(long count) {
        return seconds == 0 || count <= 0 ? 0 : count / seconds;
    }
}
