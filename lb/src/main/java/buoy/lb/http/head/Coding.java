package buoy.lb.http.head;

import buoy.config.model.Compression;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Which responses get a content coding on their way (RFC 9110 8.4), and what changes with it. */
public final class Coding {
    /** Of a response. */
    public enum Choice {
        /** Whatever the request, it goes as it is. */
        NONE,
        /** It would have been coded for another client. */
        NOT_WANTED,
        GZIP,
        BR,
        ZSTD;

        /** Whether there is one. */
        public boolean isCoding() {
            return this != NONE && this != NOT_WANTED;
        }

        private static Choice of(Compression.Encoding encoding) {
            return switch (encoding) {
                case GZIP -> GZIP;
                case BR -> BR;
                case ZSTD -> ZSTD;
            };
        }

        private String token() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final byte[] CONTENT_LENGTH = Octets.ascii("content-length");
    private static final byte[] ACCEPT_ENCODING = Octets.ascii("accept-encoding");
    private static final byte[] ACCEPT_RANGES = Octets.ascii("accept-ranges");
    private static final byte[] ETAG = Octets.ascii("etag");
    private static final byte[] VARY = Octets.ascii("vary");
    private static final byte[] VARY_LINE = Octets.ascii("Vary: Accept-Encoding\r\n");
    private static final byte[] WEAK = Octets.ascii("W/");

    /** Digests of what was sent (RFC 9530): they would not fit any more. */
    private static final List<byte[]> DIGESTS =
            List.of(
                    Octets.ascii("content-md5"),
                    Octets.ascii("digest"),
                    Octets.ascii("content-digest"),
                    Octets.ascii("repr-digest"));

    private final List<byte[]> types;
    private final long minSize;
    private final List<Choice> codings;

    public Coding(Compression compression) {
        this.types = compression.types().stream().map(Octets::ascii).toList();
        this.minSize = compression.minSize();
        this.codings = compression.encodings().stream().map(Choice::of).toList();
    }

    /** For a response with content, or one to HEAD. */
    public Choice choose(RequestHead request, ResponseHead response) {
        int status = response.status();
        boolean fits =
                switch (status) {
                    case 204, 205, 206, 304 -> false;
                    default -> status >= 200 && mayBe(response);
                };
        if (!fits) {
            return Choice.NONE;
        }
        return wanted(request);
    }

    private boolean mayBe(ResponseHead response) {
        long length = response.contentLength();
        if (!response.isChunked() && length >= 0 && length < Math.max(minSize, 1)) {
            return false;
        }
        boolean fits = false;
        for (int line = 0; line < response.count; line++) {
            switch (response.fields[line]) {
                case CONTENT_TYPE -> fits |= isOneOfTypes(response, line);
                case CONTENT_ENCODING, CONTENT_RANGE -> {
                    return false;
                }
                case CACHE_CONTROL -> {
                    if (text(response, line).contains("no-transform")) {
                        return false;
                    }
                }
                default -> {
                    if (isDigest(response, line)) {
                        return false;
                    }
                }
            }
        }
        return fits;
    }

    private static boolean isDigest(ResponseHead response, int line) {
        for (byte[] name : DIGESTS) {
            if (response.isNamed(line, name)) {
                return true;
            }
        }
        return false;
    }

    private boolean isOneOfTypes(ResponseHead response, int line) {
        String type = text(response, line);
        int end = type.indexOf(';');
        byte[] bare = Octets.ascii((end < 0 ? type : type.substring(0, end)).strip());
        for (byte[] each : types) {
            int n = each.length - 1;
            if (each[n] == '*'
                    ? bare.length > n && Arrays.equals(bare, 0, n, each, 0, n)
                    : Arrays.equals(bare, each)) {
                return true;
            }
        }
        return false;
    }

    private static String text(Head head, int line) {
        return head.text(head.valueStart(line), head.valueEnd(line)).toLowerCase(Locale.ROOT);
    }

    // ---- what the client takes ----

    /** RFC 9110 12.5.3; of those that it takes as gladly, the first as configured. */
    Choice wanted(RequestHead request) {
        double[] weights = new double[codings.size()];
        Arrays.fill(weights, -1);
        double any = 0;
        double identity = 0;
        for (int line = 0; line < request.count; line++) {
            if (!request.isNamed(line, ACCEPT_ENCODING)) {
                continue;
            }
            for (String element : text(request, line).split(",", -1)) {
                String[] parts = element.split(";", 2);
                double weight = parts.length == 1 ? 1 : weight(parts[1].strip());
                String token = parts[0].strip();
                switch (token) {
                    case "*" -> any = weight;
                    case "identity" -> identity = weight;
                    default -> {
                        int which = which(token);
                        if (which >= 0) {
                            weights[which] = Math.max(weights[which], weight);
                        }
                    }
                }
            }
        }
        Choice best = Choice.NOT_WANTED;
        double most = 0;
        for (int i = 0; i < weights.length; i++) {
            double weight = weights[i] >= 0 ? weights[i] : any;
            if (weight > most && weight >= identity) {
                most = weight;
                best = codings.get(i);
            }
        }
        return best;
    }

    private int which(String token) {
        for (int i = 0; i < codings.size(); i++) {
            if (token.equals(codings.get(i).token())
                    || (codings.get(i) == Choice.GZIP && token.equals("x-gzip"))) {
                return i;
            }
        }
        return -1;
    }

    /** 0 for one that is malformed: then it is not counted on. */
    private static double weight(String parameter) {
        return parameter.matches("q=(0(\\.[0-9]{0,3})?|1(\\.0{0,3})?)")
                ? Double.parseDouble(parameter.substring(2))
                : 0;
    }

    // ---- what changes ----

    /** Takes out of the head what does not hold any more. Returns the new ETag's line, if any. */
    public static byte @Nullable [] edit(ResponseHead response) {
        byte[] line = null;
        for (int i = 0; i < response.count; i++) {
            if (response.isNamed(i, ETAG) && response.bytes[response.valueStart(i)] == '"') {
                // 8.8.3: other octets mean another strong validator; a weak one still fits.
                Output weak = new Output();
                weak.put(Octets.ascii("ETag: "));
                weak.put(WEAK);
                weak.put(response.bytes, response.valueStart(i), response.valueEnd(i));
                weak.put(Octets.ascii("\r\n"));
                line = Arrays.copyOf(weak.bytes(), weak.length());
            }
        }
        if (line != null) {
            response.dropAll(ETAG);
        }
        response.dropAll(CONTENT_LENGTH);
        response.dropAll(ACCEPT_RANGES);
        return line;
    }

    /** The lines that a response gets, behind its head that was just written. */
    public static void add(Choice choice, boolean varies, byte @Nullable [] etag, Output to) {
        if (choice == Choice.NONE) {
            return;
        }
        if (!varies) {
            ResponseRewrite.add(VARY_LINE, to);
        }
        if (choice.isCoding()) {
            ResponseRewrite.add(Octets.ascii("Content-Encoding: " + choice.token() + "\r\n"), to);
        }
        if (etag != null) {
            ResponseRewrite.add(etag, to);
        }
    }

    /** Whether it says already that it depends on Accept-Encoding. */
    public static boolean varies(ResponseHead response) {
        for (int line = 0; line < response.count; line++) {
            if (response.isNamed(line, VARY)) {
                String value = text(response, line);
                if (value.contains("accept-encoding") || value.strip().equals("*")) {
                    return true;
                }
            }
        }
        return false;
    }
}
