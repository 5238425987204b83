package buoy.config.model;

import java.util.Map;

/**
 * {@code basic-auth}: whom requests have to name, with a password (RFC 7617).
 *
 * @param realm what clients show those who are to log in; visible ASCII and spaces, without quotes
 */
public record BasicAuth(String realm, Users users) {
    /**
     * Who may log in.
     *
     * @param hashes of passwords by name, as crypt(5) has them: bcrypt, SHA-crypt or Apache's MD5
     */
    public record Users(Map<String, Secret> hashes) {
        public Users {
            hashes = Ordered.copy(hashes);
        }
    }
}
