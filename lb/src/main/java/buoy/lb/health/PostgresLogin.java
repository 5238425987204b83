package buoy.lb.health;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/** Logs in to a PostgreSQL server: SCRAM-SHA-256, md5, or without a password where it trusts us. */
final class PostgresLogin {
    /** The server refuses the session; what the connection is good for is over. */
    static final class Refused extends IOException {
        private static final long serialVersionUID = 1L;

        private final String sqlState;

        Refused(String sqlState, String message) {
            super(message);
            this.sqlState = sqlState;
        }

        String sqlState() {
            return sqlState;
        }

        /** Whether asking again helps nobody: user, password or database are wrong. */
        boolean isForGood() {
            return sqlState.startsWith("28") || sqlState.equals("3D000");
        }
    }

    /** invalid_password: what a server says that wants another. */
    private static final String INVALID_PASSWORD = "28P01";

    private static final SecureRandom RANDOM = new SecureRandom();

    private final PostgresTalk talk;
    private final Patience patience;

    private PostgresLogin(PostgresTalk talk, Patience patience) {
        this.talk = talk;
        this.patience = patience;
    }

    /** When this returns the session is ready. */
    static void login(
            PostgresTalk talk, String user, String password, String database, Patience patience)
            throws IOException {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("user", user);
        parameters.put("database", database);
        parameters.put("application_name", "buoy");
        parameters.put("client_encoding", "UTF8");
        talk.start(parameters);
        new PostgresLogin(talk, patience).authenticate(user, password);
    }

    private void authenticate(String user, String password) throws IOException {
        while (true) {
            switch (talk.next(patience)) {
                case Backend.AuthenticationOk _ -> {}
                case Backend.WantsMd5(int salt) -> talk.say('p', md5(user, password, salt));
                case Backend.WantsSasl(var mechanisms) -> {
                    if (!mechanisms.contains(Scram.MECHANISM)) {
                        throw refusal("the server wants " + String.join(" or ", mechanisms));
                    }
                    scram(password);
                }
                case Backend.Ready _ -> {
                    return;
                }
                case Backend.Refused(String sqlState, String message) ->
                        throw new Refused(sqlState, message);
                case Backend.WantsClearText _ ->
                        throw refusal("the server wants the password in clear text");
                case Backend.WantsOther(int method) ->
                        throw refusal("the server wants authentication method " + method);
                case Backend.SaslContinue _,
                        Backend.SaslFinal _,
                        Backend.Row _,
                        Backend.Other _,
                        Backend.Malformed _ ->
                        throw new IOException("the server's answer makes no sense");
            }
        }
    }

    private void scram(String password) throws IOException {
        byte[] random = new byte[18];
        RANDOM.nextBytes(random);
        Scram scram = new Scram("", password, Base64.getEncoder().encodeToString(random));
        byte[] first = scram.first().getBytes(StandardCharsets.UTF_8);
        byte[] mechanism = (Scram.MECHANISM + "\0").getBytes(StandardCharsets.US_ASCII);
        talk.say(
                'p',
                ByteBuffer.allocate(mechanism.length + 4 + first.length)
                        .put(mechanism)
                        .putInt(first.length)
                        .put(first)
                        .array());
        if (!(next() instanceof Backend.SaslContinue(String serverFirst))) {
            throw new IOException("the server's answer makes no sense");
        }
        Scram.Proof proof =
                scram.answer(serverFirst)
                        .orElseThrow(
                                () -> new IOException("the server's challenge makes no sense"));
        talk.say('p', proof.message().getBytes(StandardCharsets.UTF_8));
        if (!(next() instanceof Backend.SaslFinal(String serverFinal))
                || !serverFinal.equals(proof.serverFinal())) {
            throw new IOException("the server did not prove that it knows the password");
        }
    }

    private Backend next() throws IOException {
        Backend next = talk.next(patience);
        if (next instanceof Backend.Refused(String sqlState, String message)) {
            throw new Refused(sqlState, message);
        }
        return next;
    }

    private static Refused refusal(String message) {
        return new Refused(INVALID_PASSWORD, message);
    }

    /** "md5" and the digest of the salt behind the digest of password and user, in hexadecimal. */
    private static byte[] md5(String user, String password, int salt) {
        try {
            MessageDigest md5 = MessageDigest.getInstance("MD5");
            String inner =
                    HexFormat.of()
                            .formatHex(
                                    md5.digest((password + user).getBytes(StandardCharsets.UTF_8)));
            md5.update(inner.getBytes(StandardCharsets.US_ASCII));
            String outer =
                    "md5"
                            + HexFormat.of()
                                    .formatHex(
                                            md5.digest(ByteBuffer.allocate(4).putInt(salt).array()))
                            + "\0";
            return outer.getBytes(StandardCharsets.US_ASCII);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has MD5", e);
        }
    }
}
