package buoy.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The format of tcpdump -w with nanoseconds, in this machine's byte order.
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

    private PcapFile() {}

    /** The frames in it so far; a record still being written is left for the next time. */
    static List<Frame> read(Path file) {
        try {
            return parse(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<Frame> parse(byte[] content) {
        ByteBuffer buffer = ByteBuffer.wrap(content).order(ByteOrder.nativeOrder());
        List<Frame> frames = new ArrayList<>();
        if (content.length < FILE_HEADER) {
            return frames;
        }
        if (buffer.getInt(0) != MAGIC_NANOSECONDS) {
            throw new LabFailed("not a capture with nanoseconds");
        }
        buffer.position(FILE_HEADER);
        while (buffer.remaining() >= RECORD_HEADER) {
            Instant at =
                    Instant.ofEpochSecond(Integer.toUnsignedLong(buffer.getInt()), buffer.getInt());
            int captured = buffer.getInt();
            buffer.getInt();
            if (captured < 0 || captured > buffer.remaining()) {
                break;
            }
            byte[] bytes = new byte[captured];
            buffer.get(bytes);
            frames.add(new Frame(at, bytes));
        }
        return frames;
    }
}
