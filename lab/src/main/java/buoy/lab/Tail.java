package buoy.lab;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.Stream;

/** A growing file, read on from where the last reading ended. */
final class Tail {
    private final Path file;
    private long read;

    Tail(Path file) {
        this.file = file;
    }

    /** What was appended since the last call. */
    byte[] bytes() {
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "r")) {
            open.seek(read);
            byte[] more = new byte[Math.toIntExact(open.length() - read)];
            open.readFully(more);
            read += more.length;
            return more;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The lines completed since the last call; one still being written is left for the next. */
    Stream<String> lines() {
        byte[] more = bytes();
        int end = more.length;
        while (end > 0 && more[end - 1] != '\n') {
            end--;
        }
        unread(more.length - end);
        return new String(more, 0, end, StandardCharsets.UTF_8).lines();
    }

    /** Gives back bytes from the end of what was read, to come again with the next call. */
    void unread(int bytes) {
        read -= bytes;
    }
}
