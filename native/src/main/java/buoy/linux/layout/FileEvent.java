package buoy.linux.layout;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * One {@code struct inotify_event}. Several lie in what one read returns.
 *
 * <pre>
 *  0           4           8           12          16
 *  +-----------+-----------+-----------+-----------+------------------------
 *  | watch     | mask      | cookie    | length    | name, padded by zeros
 *  +-----------+-----------+-----------+-----------+------------------------
 * </pre>
 *
 * @param watch the number of the watched directory; -1 with an overflow
 * @param name of the file in it; empty where it is about the directory itself
 */
public record FileEvent(int watch, int mask, String name) {
    public static final int CLOSE_WRITE = 0x8;
    public static final int MOVED_FROM = 0x40;
    public static final int MOVED_TO = 0x80;
    public static final int CREATE = 0x100;
    public static final int DELETE = 0x200;
    public static final int DELETE_SELF = 0x400;
    public static final int MOVE_SELF = 0x800;
    public static final int UNMOUNT = 0x2000;
    public static final int OVERFLOW = 0x4000;
    public static final int IGNORED = 0x8000;

    private static final int HEADER = 16;

    /** The events in what was read; one that claims more bytes than there are ends the list. */
    public static List<FileEvent> parse(byte[] bytes, int length) {
        var events = new ArrayList<FileEvent>();
        var buffer = NativeOrder.wrap(bytes);
        var end = Math.clamp(length, 0, bytes.length);
        var at = 0;
        while (end - at >= HEADER) {
            var size = buffer.getInt(at + 12);
            if (size < 0 || size > end - at - HEADER) {
                break;
            }
            events.add(
                    new FileEvent(
                            buffer.getInt(at),
                            buffer.getInt(at + 4),
                            text(bytes, at + HEADER, size)));
            at += HEADER + size;
        }
        return List.copyOf(events);
    }

    private static String text(byte[] bytes, int from, int most) {
        var length = 0;
        while (length < most && bytes[from + length] != 0) {
            length++;
        }
        return new String(bytes, from, length, StandardCharsets.UTF_8);
    }

    /** Whether the watch is at an end: the directory was removed, renamed or unmounted. */
    public boolean isEnd() {
        return (mask & (DELETE_SELF | MOVE_SELF | UNMOUNT | IGNORED)) != 0;
    }

    /** Whether the kernel dropped events: only looking at everything tells the truth. */
    public boolean isOverflow() {
        return (mask & OVERFLOW) != 0;
    }
}
