package buoy.lb.health;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A message of a PostgreSQL server, as far as a check cares (PostgreSQL documentation, "Message
 * Formats"). Pure; its length is bounded by who reads it.
 */
sealed interface Backend {
    record AuthenticationOk() implements Backend {}

    record WantsClearText() implements Backend {}

    /** A digest of the password with four octets of salt. */
    record WantsMd5(int salt) implements Backend {}

    record WantsSasl(List<String> mechanisms) implements Backend {
        public WantsSasl {
            mechanisms = List.copyOf(mechanisms);
        }
    }

    record SaslContinue(String data) implements Backend {}

    record SaslFinal(String data) implements Backend {}

    /** Another way to log in, such as Kerberos. */
    record WantsOther(int method) implements Backend {}

    /**
     * {@code ErrorResponse}.
     *
     * @param sqlState five characters; empty if not said
     */
    record Refused(String sqlState, String message) implements Backend {}

    /** {@code DataRow}, as text; null values are empty. */
    record Row(List<Optional<String>> values) implements Backend {
        public Row {
            values = List.copyOf(values);
        }
    }

    /** {@code ReadyForQuery}. */
    record Ready() implements Backend {}

    /** Anything that changes nothing for a check: notices, parameters, descriptions. */
    record Other(char type) implements Backend {}

    /** No message of a PostgreSQL server looks like that. */
    record Malformed(char type) implements Backend {}

    /** Reads a message's body. */
    static Backend read(char type, byte[] body) {
        ByteBuffer bytes = ByteBuffer.wrap(body);
        try {
            return switch (type) {
                case 'R' -> authentication(bytes);
                case 'E' -> refused(bytes);
                case 'D' -> row(bytes);
                case 'Z' -> new Ready();
                default -> new Other(type);
            };
        } catch (BufferUnderflowException | IllegalArgumentException _) {
            return new Malformed(type);
        }
    }

    private static Backend authentication(ByteBuffer bytes) {
        int method = bytes.getInt();
        return switch (method) {
            case 0 -> new AuthenticationOk();
            case 3 -> new WantsClearText();
            case 5 -> new WantsMd5(bytes.getInt());
            case 10 -> {
                List<String> mechanisms = new ArrayList<>();
                for (String name = text(bytes); !name.isEmpty(); name = text(bytes)) {
                    mechanisms.add(name);
                }
                yield new WantsSasl(mechanisms);
            }
            case 11 -> new SaslContinue(rest(bytes));
            case 12 -> new SaslFinal(rest(bytes));
            default -> new WantsOther(method);
        };
    }

    /** Fields of one letter and a text each, ended by a zero. */
    private static Backend refused(ByteBuffer bytes) {
        String sqlState = "";
        String message = "";
        for (byte field = bytes.get(); field != 0; field = bytes.get()) {
            String value = text(bytes);
            if (field == 'C') {
                sqlState = value;
            } else if (field == 'M') {
                message = value;
            }
        }
        return new Refused(sqlState, message);
    }

    private static Backend row(ByteBuffer bytes) {
        int columns = bytes.getShort();
        List<Optional<String>> values = new ArrayList<>();
        for (int i = 0; i < columns; i++) {
            int length = bytes.getInt();
            if (length < 0) {
                values.add(Optional.empty());
            } else {
                values.add(Optional.of(text(bytes, length)));
            }
        }
        return new Row(values);
    }

    private static String rest(ByteBuffer bytes) {
        return text(bytes, bytes.remaining());
    }

    /** Up to a zero byte, which is passed. */
    private static String text(ByteBuffer bytes) {
        int from = bytes.position();
        int end = from;
        while (end < bytes.limit() && bytes.get(end) != 0) {
            end++;
        }
        String text = text(bytes, end - from);
        bytes.get();
        return text;
    }

    private static String text(ByteBuffer bytes, int length) {
        if (length > bytes.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] octets = new byte[length];
        bytes.get(octets);
        return new String(octets, StandardCharsets.UTF_8);
    }
}
