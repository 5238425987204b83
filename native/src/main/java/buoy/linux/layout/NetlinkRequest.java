package buoy.linux.layout;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Writes one request: header, a fixed part, attributes. The longest of ours is under 700 bytes. */
final class NetlinkRequest {
    private static final int CAPACITY = 1024;
    private static final int ATTRIBUTE_HEADER = 4;

    private final ByteBuffer buffer = NativeOrder.allocate(CAPACITY);

    NetlinkRequest(int type, int flags, int sequence) {
        buffer.putInt(0) // the length, known at the end
                .putShort((short) type)
                .putShort((short) (NetlinkMessage.REQUEST | flags))
                .putInt(sequence)
                .putInt(0); // our port: the kernel knows it
    }

    NetlinkRequest bytes(int... values) {
        for (var value : values) {
            buffer.put((byte) value);
        }
        return this;
    }

    /** What is laid out already, padding and all. */
    NetlinkRequest bytes(byte[] ready) {
        buffer.put(ready);
        return this;
    }

    NetlinkRequest number16(int value) {
        buffer.putShort((short) value);
        return this;
    }

    NetlinkRequest number32(int value) {
        buffer.putInt(value);
        return this;
    }

    /** {@code struct rtattr}: length (self), type, value, padded to 4 bytes. */
    NetlinkRequest attribute(int type, byte[] value) {
        buffer.putShort((short) (ATTRIBUTE_HEADER + value.length))
                .putShort((short) type)
                .put(value);
        buffer.position(NativeOrder.align(buffer.position(), NetlinkMessage.ALIGNMENT));
        return this;
    }

    NetlinkRequest attribute(int type, int value) {
        return attribute(type, NativeOrder.allocate(4).putInt(value).array());
    }

    NetlinkRequest attribute(int type, String text) {
        return attribute(type, (text + '\0').getBytes(StandardCharsets.UTF_8));
    }

    /** An attribute that holds attributes. */
    NetlinkRequest nested(int type, Consumer<NetlinkRequest> content) {
        var start = buffer.position();
        buffer.putShort((short) 0).putShort((short) type);
        content.accept(this);
        buffer.putShort(start, (short) (buffer.position() - start));
        return this;
    }

    byte[] encode() {
        var request = new byte[buffer.position()];
        buffer.putInt(0, request.length).get(0, request);
        return request;
    }
}
