package buoy.tls;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import javax.security.auth.x500.X500Principal;

/** The subject of a client's certificate as a field of HTTP can carry it. */
final class ClientSubject {
    private ClientSubject() {}

    /**
     * RFC 4514, with its escape of two hexadecimal digits for every octet of UTF-8 that is not
     * printable ASCII: so nobody's name ends the line it stands in.
     */
    static String text(X500Principal subject) {
        StringBuilder text = new StringBuilder();
        for (byte octet : subject.getName(X500Principal.RFC2253).getBytes(StandardCharsets.UTF_8)) {
            if (octet >= ' ' && octet < 0x7f) {
                text.append((char) octet);
            } else {
                text.append('\\').append(HexFormat.of().withUpperCase().toHexDigits(octet));
            }
        }
        return text.toString();
    }
}
