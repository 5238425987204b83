package buoy.tls;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/**
 * What a client says first, as far as it decides which certificate it is shown (RFC 8446 4.1.2, RFC
 * 6066 3).
 *
 * <pre>
 *  version 2 | random 32 | session id 1+n | cipher suites 2+n | compression 1+n | extensions 2+n
 *  extension: type 2 | data 2+n
 * </pre>
 *
 * @param serverName in lower case without a final dot; empty when none was sent
 * @param ecdsa whether a certificate with an ECDSA key can be used with this client
 * @param challenge whether it is a CA that wants to see the certificate of TLS-ALPN-01
 */
record ClientHello(Optional<String> serverName, boolean ecdsa, boolean challenge) {
    /** The application protocol of TLS-ALPN-01 (RFC 8737 4). */
    static final String CHALLENGE_PROTOCOL = "acme-tls/1";

    private static final int ALPN = 16;
    private static final int SERVER_NAME = 0;
    private static final int SIGNATURE_ALGORITHMS = 13;
    private static final int SUPPORTED_VERSIONS = 43;
    private static final int TLS_1_3 = 0x0304;

    /**
     * Reads the body of the handshake message, what follows its 4-byte header; empty when it is
     * malformed, which the engine will tell the client better than we could.
     */
    static Optional<ClientHello> parse(ByteBuffer body) {
        ByteBuffer in = body.slice();
        if (in.remaining() < 34) {
            return Optional.empty();
        }
        in.position(34);
        Optional<ByteBuffer> session = vector8(in);
        Optional<ByteBuffer> ciphers = session.isPresent() ? vector16(in) : Optional.empty();
        Optional<ByteBuffer> compression = ciphers.isPresent() ? vector8(in) : Optional.empty();
        if (compression.isEmpty()) {
            return Optional.empty();
        }
        if (!in.hasRemaining()) {
            return Optional.of(new ClientHello(Optional.empty(), false, false));
        }
        return vector16(in).flatMap(extensions -> fromExtensions(extensions, ciphers.get()));
    }

    private static Optional<ClientHello> fromExtensions(ByteBuffer in, ByteBuffer ciphers) {
        Optional<String> name = Optional.empty();
        boolean signsEcdsa = false;
        boolean tls13 = false;
        boolean challenge = false;
        while (in.hasRemaining()) {
            if (in.remaining() < 4) {
                return Optional.empty();
            }
            int type = in.getShort() & 0xffff;
            Optional<ByteBuffer> data = vector16(in);
            if (data.isEmpty()) {
                return Optional.empty();
            }
            switch (type) {
                case SERVER_NAME -> name = hostName(data.get());
                case SIGNATURE_ALGORITHMS -> signsEcdsa = anyEcdsaSignature(data.get());
                case ALPN -> challenge = isChallenge(data.get());
                case SUPPORTED_VERSIONS -> tls13 = offersTls13(data.get());
                default -> {
                    // every other extension is the engine's business
                }
            }
        }
        return Optional.of(
                new ClientHello(name, signsEcdsa && (tls13 || anyEcdsaCipher(ciphers)), challenge));
    }

    /** RFC 6066 3: a list of (type, name), of which only type 0, a DNS name, was ever defined. */
    private static Optional<String> hostName(ByteBuffer data) {
        return vector16(data)
                .filter(list -> list.remaining() > 3 && list.get() == 0)
                .flatMap(ClientHello::vector16)
                .filter(name -> name.remaining() <= 255)
                .map(name -> StandardCharsets.ISO_8859_1.decode(name).toString())
                .map(name -> name.endsWith(".") ? name.substring(0, name.length() - 1) : name)
                .filter(name -> !name.isEmpty())
                .map(name -> name.toLowerCase(Locale.ROOT));
    }

    /**
     * RFC 8446 4.2.3: 0x0203, 0x0403, 0x0503, 0x0603 are ECDSA; the first is SHA-1 and of no use.
     */
    private static boolean anyEcdsaSignature(ByteBuffer data) {
        Optional<ByteBuffer> list = vector16(data);
        while (list.isPresent() && list.get().remaining() >= 2) {
            int scheme = list.get().getShort() & 0xffff;
            if (scheme == 0x0403 || scheme == 0x0503 || scheme == 0x0603) {
                return true;
            }
        }
        return false;
    }

    private static boolean offersTls13(ByteBuffer data) {
        Optional<ByteBuffer> list = vector8(data);
        while (list.isPresent() && list.get().remaining() >= 2) {
            if ((list.get().getShort() & 0xffff) == TLS_1_3) {
                return true;
            }
        }
        return false;
    }

    /** RFC 8737 4: the list of protocols (RFC 7301 3.1) has that one and no other. */
    private static boolean isChallenge(ByteBuffer data) {
        return vector16(data)
                .flatMap(
                        list ->
                                vector8(list)
                                        .filter(_ -> !list.hasRemaining())
                                        .map(StandardCharsets.ISO_8859_1::decode))
                .filter(protocol -> protocol.toString().equals(CHALLENGE_PROTOCOL))
                .isPresent();
    }

    /** The ECDHE-ECDSA suites of {@link Policies}; in TLS 1.2 the suite names the key type. */
    private static boolean anyEcdsaCipher(ByteBuffer ciphers) {
        while (ciphers.remaining() >= 2) {
            int suite = ciphers.getShort() & 0xffff;
            if (suite == 0xc02b || suite == 0xc02c || suite == 0xcca9) {
                return true;
            }
        }
        return false;
    }

    private static Optional<ByteBuffer> vector8(ByteBuffer in) {
        return in.remaining() < 1 ? Optional.empty() : take(in, in.get() & 0xff);
    }

    private static Optional<ByteBuffer> vector16(ByteBuffer in) {
        return in.remaining() < 2 ? Optional.empty() : take(in, in.getShort() & 0xffff);
    }

    private static Optional<ByteBuffer> take(ByteBuffer in, int length) {
        if (length > in.remaining()) {
            return Optional.empty();
        }
        ByteBuffer part = in.slice(in.position(), length);
        in.position(in.position() + length);
        return Optional.of(part);
    }
}
