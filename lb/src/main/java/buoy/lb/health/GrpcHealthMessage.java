package buoy.lb.health;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * The messages of {@code grpc.health.v1.Health/Check}, each behind the five octets that gRPC puts
 * before a message: not compressed, and its length. Pure.
 */
final class GrpcHealthMessage {
    /** {@code ServingStatus}. */
    static final int SERVING = 1;

    private static final int PREFIX = 5;

    /** Field 1 of {@code HealthCheckRequest}, a string. */
    private static final int SERVICE = 0x0a;

    /** Field 1 of {@code HealthCheckResponse}, a number. */
    private static final int STATUS = 0x08;

    private GrpcHealthMessage() {}

    /**
     * {@code HealthCheckRequest}.
     *
     * @param service at most 127 octets; empty is the server as a whole
     */
    static byte[] request(String service) {
        byte[] name = service.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int length = name.length == 0 ? 0 : name.length + 2;
        out.writeBytes(new byte[] {0, 0, 0, 0, (byte) length});
        if (name.length > 0) {
            out.write(SERVICE);
            out.write(name.length);
            out.writeBytes(name);
        }
        return out.toByteArray();
    }

    /** The status in a {@code HealthCheckResponse}; -1 if this is none. */
    static int status(byte[] message) {
        if (message.length < PREFIX
                || message[0] != 0
                || message[1] != 0
                || message[2] != 0
                || message[3] != 0
                || message[4] != message.length - PREFIX) {
            return -1;
        }
        // Zero, which is UNKNOWN, is left out.
        if (message.length == PREFIX) {
            return 0;
        }
        return message.length == PREFIX + 2 && message[PREFIX] == STATUS && message[PREFIX + 1] >= 0
                ? message[PREFIX + 1]
                : -1;
    }

    /** As people know it. */
    static String word(int status) {
        return switch (status) {
            case 0 -> "UNKNOWN";
            case SERVING -> "SERVING";
            case 2 -> "NOT_SERVING";
            case 3 -> "SERVICE_UNKNOWN";
            default -> "no health message";
        };
    }
}
