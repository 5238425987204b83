package buoy.linux.layout;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The attributes ({@code struct rtattr}) behind the fixed part of a netlink message. */
final class Attributes {
    private static final int HEADER = 4;

    /** The upper two bits say how the value is made; they are not part of the type. */
    private static final int TYPE_MASK = 0x3fff;

    private final Map<Integer, byte[]> values;

    private Attributes(Map<Integer, byte[]> values) {
        this.values = values;
    }

    /** Reads up to the end, or to the first that claims more bytes than there are. */
    static Attributes parse(byte[] body, int from) {
        var values = new HashMap<Integer, byte[]>();
        var buffer = NativeOrder.wrap(body);
        var at = from;
        while (body.length - at >= HEADER) {
            var length = Short.toUnsignedInt(buffer.getShort(at));
            if (length < HEADER || length > body.length - at) {
                break;
            }
            values.putIfAbsent(
                    buffer.getShort(at + 2) & TYPE_MASK,
                    Arrays.copyOfRange(body, at + HEADER, at + length));
            at += NativeOrder.align(length, NetlinkMessage.ALIGNMENT);
        }
        return new Attributes(values);
    }

    Optional<byte[]> bytes(int type) {
        return Optional.ofNullable(values.get(type));
    }

    Optional<Integer> number32(int type) {
        return bytes(type)
                .filter(value -> value.length >= 4)
                .map(value -> NativeOrder.wrap(value).getInt(0));
    }

    /** Text up to its zero byte. */
    Optional<String> text(int type) {
        return bytes(type)
                .map(
                        value -> {
                            var length = 0;
                            while (length < value.length && value[length] != 0) {
                                length++;
                            }
                            return new String(value, 0, length, StandardCharsets.UTF_8);
                        });
    }
}
