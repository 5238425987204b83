package buoy.tls;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;

/**
 * Reads a {@code keys-file}: 48 or 80 random bytes as they are, as NGINX has them, or one such key
 * a line in base64, as HAProxy has them, with empty lines and comments (#) between. What is wrong
 * is told by line, never with anything that stands there.
 */
sealed interface TicketText {
    /** More keys than anybody changes at a time. */
    int MOST = 16;

    /** Never empty. */
    record Keys(List<TicketSecret> secrets) implements TicketText {
        public Keys {
            secrets = List.copyOf(secrets);
        }
    }

    record Broken(String why) implements TicketText {}

    static TicketText parse(byte[] file) {
        if (fits(file.length) && !printable(file)) {
            return new Keys(List.of(TicketSecret.ofFile(file)));
        }
        List<String> lines =
                Stream.of(new String(file, StandardCharsets.ISO_8859_1).split("\r?\n", -1))
                        .map(String::strip)
                        .toList();
        List<TicketSecret> secrets = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            byte[] key;
            try {
                key = Base64.getDecoder().decode(line);
            } catch (IllegalArgumentException _) {
                return new Broken(
                        "line %d is not base64 (one key a line: openssl rand -base64 48)"
                                .formatted(i + 1));
            }
            if (!fits(key.length)) {
                return new Broken(
                        "the key in line %d has %d bytes and must have 48 or 80 (openssl rand -base64 48)"
                                .formatted(i + 1, key.length));
            }
            secrets.add(TicketSecret.ofFile(key));
        }
        if (secrets.isEmpty()) {
            return new Broken("no key in it (write one: openssl rand -base64 48)");
        }
        return secrets.size() <= MOST
                ? new Keys(secrets)
                : new Broken(
                        "%d keys in it, and at most %d are taken (remove the oldest)"
                                .formatted(secrets.size(), MOST));
    }

    private static boolean fits(int bytes) {
        return bytes == 48 || bytes == 80;
    }

    /** Of 48 random bytes, all are so once in 10^20 files. */
    private static boolean printable(byte[] file) {
        for (byte each : file) {
            if ((each < ' ' || each > '~') && each != '\n' && each != '\r' && each != '\t') {
                return false;
            }
        }
        return true;
    }
}
