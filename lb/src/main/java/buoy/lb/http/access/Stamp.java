package buoy.lb.http.access;

import buoy.lb.http.head.Output;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Times as a format spells them; the text of a second is made once. */
final class Stamp {
    private final DateTimeFormatter format;
    private long second = Long.MIN_VALUE;
    private byte[] text = {};

    private Stamp(String pattern, ZoneId zone) {
        this.format = DateTimeFormatter.ofPattern(pattern, Locale.ROOT).withZone(zone);
    }

    /** {@code 26/Nov/2026:09:30:00 +0000}: NGINX's {@code $time_local}, Apache's {@code %t}. */
    static Stamp common(ZoneId zone) {
        return new Stamp("dd/MMM/yyyy:HH:mm:ss xx", zone);
    }

    /** {@code 26/Nov/2026:09:30:00}: HAProxy's {@code %tr} without its milliseconds. */
    static Stamp haproxy(ZoneId zone) {
        return new Stamp("dd/MMM/yyyy:HH:mm:ss", zone);
    }

    /** {@code 2026-11-26T09:30:00}: RFC 3339 in UTC without milliseconds and zone. */
    static Stamp utc() {
        return new Stamp("yyyy-MM-dd'T'HH:mm:ss", ZoneOffset.UTC);
    }

    void put(long epochMillis, Output out) {
        long now = Math.floorDiv(epochMillis, 1000);
        if (now != second) {
            second = now;
            text = format.format(Instant.ofEpochSecond(now)).getBytes(StandardCharsets.US_ASCII);
        }
        out.put(text);
    }

    /** {@code .123}. */
    static void putMillis(long epochMillis, Output out) {
        out.put((byte) '.');
        Figures.putThree((int) Math.floorMod(epochMillis, 1000L), out);
    }
}
