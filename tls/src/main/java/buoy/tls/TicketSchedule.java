package buoy.tls;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * Which ticket keys count when. Time is cut into periods, counted from 1970, and each has keys of
 * its own; hosts whose clocks are less than a period apart change them together and need not talk.
 *
 * @param rotate how long a period is
 */
record TicketSchedule(Duration rotate) {
    /** The number of the period that an instant is in. */
    long period(Instant at) {
        return Math.floorDiv(at.toEpochMilli(), rotate.toMillis());
    }

    /**
     * The first is for new tickets, all open old ones: those of the period before, and those of the
     * next, which another host may be in already.
     *
     * @param secrets the first is for new tickets
     * @param scope whose tickets they are, see {@link #scope}
     */
    List<TicketKey> keys(List<TicketSecret> secrets, byte[] scope, long period) {
        List<TicketKey> keys = new ArrayList<>();
        for (TicketSecret secret : secrets) {
            LongStream.of(period, period - 1, period + 1)
                    .forEach(each -> keys.add(secret.key(info(scope, each))));
        }
        return List.copyOf(keys);
    }

    private byte[] info(byte[] scope, long period) {
        return ByteBuffer.allocate(scope.length + 2 * Long.BYTES)
                .put(scope)
                .putLong(rotate.toMillis())
                .putLong(period)
                .array();
    }

    /**
     * Whose tickets are opened by whom: those of one listener, as long as it believes the same
     * clients. A ticket says that its client was let in, so none may come from elsewhere.
     *
     * @param listener its path in the configuration
     */
    static byte[] scope(String listener, Optional<ClientTrust> clients) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            put(digest, "tickets, version 1".getBytes(StandardCharsets.US_ASCII));
            put(digest, listener.getBytes(StandardCharsets.UTF_8));
            if (clients.isPresent()) {
                put(digest, new byte[] {(byte) (clients.get().required() ? 1 : 0)});
                for (X509Certificate each : clients.get().authorities()) {
                    put(digest, each.getEncoded());
                }
                for (X509CRL each : clients.get().revoked()) {
                    put(digest, each.getEncoded());
                }
            }
            return digest.digest();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("what was read can be written", e);
        }
    }

    private static void put(MessageDigest digest, byte[] part) {
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, part.length));
        digest.update(part);
    }
}
