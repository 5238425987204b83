package buoy.config;

import buoy.config.model.Password;
import buoy.config.model.VirtualRouter.Version;
import java.util.Optional;
import java.util.regex.Pattern;

/** {@code vrrp.NAME.password} and its twin {@code password-file}. Nothing said here quotes it. */
final class PasswordReader {
    private PasswordReader() {}

    static Optional<Password> read(Section s, Version version) {
        if (s.isNull("password")) {
            return Optional.empty();
        }
        String key = s.has("password-file") ? "password-file" : "password";
        if (s.has("password") && s.has("password-file")) {
            s.reject("password-file", "cannot stand beside password (remove either)");
        } else if (s.has(key) && version != Version.V2) {
            s.reject(
                    key,
                    "version 3 has no passwords (remove it, or write version: 2 on every host of"
                            + " this router)");
        }
        Optional<Password> written = s.secret("password", PasswordReader::password);
        Optional<Password> inFile = s.file("password-file", PasswordReader::inFile);
        return written.or(() -> inFile);
    }

    private static Parsed<Password> password(String text) {
        return Pattern.matches("[ -~]{1," + Password.MAX_LENGTH + "}", text)
                ? Parsed.ok(new Password(text))
                : Parsed.wrong(
                        "must be 1..%d printable ASCII characters, as the field in the advertisement"
                                        .formatted(Password.MAX_LENGTH)
                                + " holds (shorten it on every host)");
    }

    private static Parsed<Password> inFile(String text) {
        return Names.secretFile(text).then(Disk::firstLine).then(PasswordReader::password);
    }
}
