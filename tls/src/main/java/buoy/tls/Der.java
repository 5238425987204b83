package buoy.tls;

import java.util.Arrays;
import java.util.Optional;

/**
 * As much of DER (X.690) as it takes to put the older private key encodings into PKCS#8, which is
 * the one that key factories read:
 *
 * <pre>
 *  PrivateKeyInfo ::= SEQUENCE { version INTEGER 0, AlgorithmIdentifier, privateKey OCTET STRING }   RFC 5208
 *  ECPrivateKey   ::= SEQUENCE { version INTEGER 1, privateKey OCTET STRING,                         RFC 5915
 *                                [0] parameters OPTIONAL, [1] publicKey OPTIONAL }
 * </pre>
 */
final class Der {
    private static final int SEQUENCE = 0x30;
    private static final int OCTET_STRING = 0x04;
    private static final int PARAMETERS = 0xa0;
    private static final byte[] VERSION_0 = {0x02, 0x01, 0x00};

    /** AlgorithmIdentifier of rsaEncryption, 1.2.840.113549.1.1.1, with NULL parameters. */
    private static final byte[] RSA = {
        0x30,
        0x0d,
        0x06,
        0x09,
        0x2a,
        (byte) 0x86,
        0x48,
        (byte) 0x86,
        (byte) 0xf7,
        0x0d,
        0x01,
        0x01,
        0x01,
        0x05,
        0x00
    };

    /** The object identifier id-ecPublicKey, 1.2.840.10045.2.1. */
    private static final byte[] EC_PUBLIC_KEY = {
        0x06, 0x07, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 0x02, 0x01
    };

    private Der() {}

    /** PKCS#1 {@code RSAPrivateKey} as PKCS#8. */
    static byte[] pkcs8FromRsa(byte[] pkcs1) {
        return tagged(SEQUENCE, VERSION_0, RSA, tagged(OCTET_STRING, pkcs1));
    }

    /**
     * SEC 1 {@code ECPrivateKey} as PKCS#8; empty when it does not name its curve or is not one.
     */
    static Optional<byte[]> pkcs8FromEc(byte[] sec1) {
        return curve(sec1)
                .map(
                        curve ->
                                tagged(
                                        SEQUENCE,
                                        VERSION_0,
                                        tagged(SEQUENCE, EC_PUBLIC_KEY, curve),
                                        tagged(OCTET_STRING, sec1)));
    }

    /** The contents of the [0] element: the curve's object identifier, header and all. */
    private static Optional<byte[]> curve(byte[] sec1) {
        Optional<Element> outer = Element.at(sec1, 0, sec1.length, SEQUENCE);
        if (outer.isEmpty()) {
            return Optional.empty();
        }
        int end = outer.get().end();
        for (int at = outer.get().start(); at < end; ) {
            Optional<Element> next = Element.at(sec1, at, end, sec1[at] & 0xff);
            if (next.isEmpty()) {
                return Optional.empty();
            }
            if ((sec1[at] & 0xff) == PARAMETERS) {
                return Optional.of(Arrays.copyOfRange(sec1, next.get().start(), next.get().end()));
            }
            at = next.get().end();
        }
        return Optional.empty();
    }

    /** Where the contents of an element lie. */
    private record Element(int start, int end) {
        static Optional<Element> at(byte[] der, int at, int limit, int tag) {
            if (at + 2 > limit || (der[at] & 0xff) != tag) {
                return Optional.empty();
            }
            int length = der[at + 1] & 0xff;
            int start = at + 2;
            if (length > 0x82) {
                return Optional.empty();
            }
            if (length > 0x80) {
                int bytes = length - 0x80;
                if (start + bytes > limit) {
                    return Optional.empty();
                }
                length = 0;
                for (int i = 0; i < bytes; i++) {
                    length = (length << 8) | (der[start++] & 0xff);
                }
            } else if (length == 0x80) {
                return Optional.empty(); // indefinite length is BER, not DER
            }
            return start + length <= limit
                    ? Optional.of(new Element(start, start + length))
                    : Optional.empty();
        }
    }

    /** An element with these contents. */
    static byte[] tagged(int tag, byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        int header = length < 0x80 ? 2 : length < 0x100 ? 3 : length < 0x10000 ? 4 : 5;
        byte[] all = new byte[header + length];
        all[0] = (byte) tag;
        if (header == 2) {
            all[1] = (byte) length;
        } else {
            all[1] = (byte) (0x80 + header - 2);
            for (int i = 2; i < header; i++) {
                all[i] = (byte) (length >>> (8 * (header - 1 - i)));
            }
        }
        int at = header;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }
}
