package buoy.daemon.peer.wire;

import buoy.daemon.acme.plan.Proofs;
import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Messages as bytes. In front of each stands its length, 4 bytes; the form here is what follows.
 *
 * <pre>
 *  kind 1 | body
 *  text:  length 4 | UTF-8
 *  map:   count 4 | (text, text) ..., by key
 *
 *  1 Hello        version 1 | instance text | host text
 *  2 Whole
 *  3 Alive
 *  4 Account      directory text | file text
 *  5 Certificate  name text | file text
 *  6 Challenges   count 4 | (order text | HTTP-01 map | TLS-ALPN-01 map) ..., by order
 * </pre>
 *
 * Numbers are in network order and unsigned.
 */
public final class Frames {
    /** A message is no longer: the largest is a certificate, of a few kilobytes. */
    public static final int MAX_LENGTH = 1 << 20;

    /** Of this form. */
    public static final int VERSION = 1;

    private static final int HELLO = 1;
    private static final int WHOLE = 2;
    private static final int ALIVE = 3;
    private static final int ACCOUNT = 4;
    private static final int CERTIFICATE = 5;
    private static final int CHALLENGES = 6;

    private Frames() {}

    /** What bytes turned out to be. */
    public sealed interface Decoded {
        record Good(Message message) implements Decoded {}

        /** No message of any version. */
        record Bad(String why) implements Decoded {}
    }

    // --- to bytes

    /**
     * Without the length in front.
     *
     * @throws IllegalArgumentException if it would be longer than {@link #MAX_LENGTH}
     */
    public static byte[] encode(Message message) {
        Writer out = new Writer();
        switch (message) {
            case Message.Hello(int version, var instance, var host) -> {
                out.kind(HELLO);
                out.bytes.write(version);
                out.text(instance);
                out.text(host);
            }
            case Message.Whole _ -> out.kind(WHOLE);
            case Message.Alive _ -> out.kind(ALIVE);
            case Message.Account(var directory, var text) -> {
                out.kind(ACCOUNT);
                out.text(directory);
                out.text(text);
            }
            case Message.Certificate(var name, var text) -> {
                out.kind(CERTIFICATE);
                out.text(name);
                out.text(text);
            }
            case Message.Challenges(var byOrder) -> {
                out.kind(CHALLENGES);
                out.number(byOrder.size());
                new TreeMap<>(byOrder)
                        .forEach(
                                (order, proofs) -> {
                                    out.text(order);
                                    out.map(proofs.http());
                                    out.map(proofs.tls());
                                });
            }
            case Message.Unknown(int kind) -> out.kind(kind);
        }
        if (out.bytes.size() > MAX_LENGTH) {
            throw new IllegalArgumentException("a message of " + out.bytes.size() + " bytes");
        }
        return out.bytes.toByteArray();
    }

    private static final class Writer {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        void kind(int kind) {
            bytes.write(kind);
        }

        void number(int number) {
            bytes.writeBytes(ByteBuffer.allocate(4).putInt(number).array());
        }

        void text(String text) {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            number(utf8.length);
            bytes.writeBytes(utf8);
        }

        void map(Map<String, String> map) {
            number(map.size());
            new TreeMap<>(map)
                    .forEach(
                            (key, value) -> {
                                text(key);
                                text(value);
                            });
        }
    }

    // --- from bytes

    /** Reads what stood behind a length. */
    public static Decoded decode(byte[] frame) {
        if (frame.length > MAX_LENGTH) {
            return new Decoded.Bad("it is too long");
        }
        try {
            ByteBuffer in = ByteBuffer.wrap(frame);
            Message message = message(in);
            return in.hasRemaining() && !(message instanceof Message.Unknown)
                    ? new Decoded.Bad(in.remaining() + " bytes too many")
                    : new Decoded.Good(message);
        } catch (BufferUnderflowException _) {
            return new Decoded.Bad("it is cut off");
        } catch (CharacterCodingException _) {
            return new Decoded.Bad("a text is not UTF-8");
        } catch (Repeated _) {
            return new Decoded.Bad("a key stands twice");
        }
    }

    private static final class Repeated extends Exception {
        private static final long serialVersionUID = 1;
    }

    private static Message message(ByteBuffer in) throws CharacterCodingException, Repeated {
        int kind = in.get() & 0xff;
        return switch (kind) {
            case HELLO -> new Message.Hello(in.get() & 0xff, text(in), text(in));
            case WHOLE -> new Message.Whole();
            case ALIVE -> new Message.Alive();
            case ACCOUNT -> new Message.Account(text(in), text(in));
            case CERTIFICATE -> new Message.Certificate(text(in), text(in));
            case CHALLENGES -> challenges(in);
            default -> new Message.Unknown(kind);
        };
    }

    private static Message.Challenges challenges(ByteBuffer in)
            throws CharacterCodingException, Repeated {
        Map<String, Proofs> byOrder = new HashMap<>();
        // Each takes 12 bytes at least, so a count that lies ends soon.
        for (long left = count(in); left > 0; left--) {
            if (byOrder.put(text(in), new Proofs(map(in), map(in))) != null) {
                throw new Repeated();
            }
        }
        return new Message.Challenges(byOrder);
    }

    private static Map<String, String> map(ByteBuffer in)
            throws CharacterCodingException, Repeated {
        Map<String, String> map = new HashMap<>();
        for (long left = count(in); left > 0; left--) {
            if (map.put(text(in), text(in)) != null) {
                throw new Repeated();
            }
        }
        return map;
    }

    private static long count(ByteBuffer in) {
        return in.getInt() & 0xffff_ffffL;
    }

    private static String text(ByteBuffer in) throws CharacterCodingException {
        long length = count(in);
        if (length > in.remaining()) {
            throw new BufferUnderflowException();
        }
        ByteBuffer utf8 = in.slice(in.position(), (int) length);
        in.position(in.position() + (int) length);
        return StandardCharsets.UTF_8.newDecoder().decode(utf8).toString();
    }
}
