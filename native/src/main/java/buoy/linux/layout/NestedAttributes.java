package buoy.linux.layout;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Attributes as netfilter has them: lists lie within lists, and numbers in network order. Lengths
 * and types are in the machine's order, as everywhere in netlink.
 */
final class NestedAttributes {
    private static final int HEADER = 4;
    private static final int NESTED = 0x8000;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    NestedAttributes bytes(int type, byte[] value) {
        bytes.writeBytes(
                NativeOrder.allocate(HEADER)
                        .putShort((short) (HEADER + value.length))
                        .putShort((short) type)
                        .array());
        bytes.writeBytes(value);
        bytes.writeBytes(
                new byte[NativeOrder.align(value.length, NetlinkMessage.ALIGNMENT) - value.length]);
        return this;
    }

    NestedAttributes number32(int type, int value) {
        return bytes(type, ByteBuffer.allocate(4).putInt(value).array());
    }

    NestedAttributes text(int type, String value) {
        return bytes(type, (value + '\0').getBytes(StandardCharsets.UTF_8));
    }

    NestedAttributes list(int type, NestedAttributes values) {
        return bytes(type | NESTED, values.encode());
    }

    byte[] encode() {
        return bytes.toByteArray();
    }
}
