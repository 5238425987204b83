package buoy.lab;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A file that tcpdump -w is writing, with nanoseconds, in this machine's byte order.
 *
 * <pre>
 *   file:   magic 0xa1b23c4d, ..., 24 bytes in all;  then for each frame
 *   record: seconds, nanoseconds, bytes captured, bytes on the wire (4 bytes each); the bytes
 * </pre>
 */
final class PcapFile {
    private static final int MAGIC_NANOSECONDS = 0xa1b23c4d;
    private static final int FILE_HEADER = 24;
    private static final int RECORD_HEADER = 16;

    private final Tail tail;
    private boolean begun;

    PcapFile(Path file) {
        this.tail = new Tail(file);
    }

    /** The frames since the last call; one still being written is left for the next. */
    List<Frame> more() {
        ByteBuffer buffer = ByteBuffer.wrap(tail.bytes()).order(ByteOrder.nativeOrder());
        List<Frame> frames = new ArrayList<>();
        if (!begun && buffer.remaining() >= FILE_HEADER) {
            if (buffer.getInt(0) != MAGIC_NANOSECONDS) {
                throw new LabFailed("not a capture with nanoseconds");
            }
            buffer.position(FILE_HEADER);
            begun = true;
        }
        while (begun && isWhole(buffer)) {
            Instant at =
                    Instant.ofEpochSecond(Integer.toUnsignedLong(buffer.getInt()), buffer.getInt());
            byte[] bytes = new byte[buffer.getInt()];
            buffer.getInt();
            buffer.get(bytes);
            frames.add(new Frame(at, bytes));
        }
        tail.unread(buffer.remaining());
        return frames;
    }

    private static boolean isWhole(ByteBuffer buffer) {
        return buffer.remaining() >= RECORD_HEADER
                && buffer.remaining() - RECORD_HEADER >= buffer.getInt(buffer.position() + 8);
    }
}
