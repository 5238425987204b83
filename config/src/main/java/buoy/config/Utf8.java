package buoy.config;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Bytes to text that YAML allows: UTF-8, of bounded size, nothing in it that cannot be seen. */
final class Utf8 {
    private Utf8() {}

    /** Empty when a problem was recorded instead. */
    static Optional<String> decode(String file, byte[] bytes, Problems problems) {
        if (bytes.length > Document.MAX_BYTES) {
            problems.reject(
                    Place.start(file),
                    "file",
                    "is larger than 1MiB (split it with include, or check that it is the right"
                            + " file)");
            return Optional.empty();
        }
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        CharBuffer chars = CharBuffer.allocate(bytes.length);
        CoderResult result = decoder.decode(ByteBuffer.wrap(bytes), chars, true);
        chars.flip();
        String text = chars.toString();
        if (result.isError()) {
            problems.reject(end(file, text), "file", "is not UTF-8 here (save it as UTF-8)");
            return Optional.empty();
        }
        if (text.startsWith("\uFEFF")) {
            problems.reject(
                    Place.start(file),
                    "file",
                    "starts with a byte order mark (save it as UTF-8 without one)");
            return Optional.empty();
        }
        for (int i = 0, c; i < text.length(); i += Character.charCount(c)) {
            c = text.codePointAt(i);
            if (!isPrintable(c)) {
                problems.reject(
                        end(file, text.substring(0, i)),
                        "file",
                        "has the control character U+%04X here (remove it)".formatted(c));
                return Optional.empty();
            }
        }
        return Optional.of(text);
    }

    /** The place right after {@code text}. */
    private static Place end(String file, String text) {
        int line = 1 + (int) text.chars().filter(c -> c == '\n').count();
        int start = text.lastIndexOf('\n') + 1;
        return new Place(file, line, text.codePointCount(start, text.length()) + 1);
    }

    /** YAML 1.1, 5.1: c-printable. */
    private static boolean isPrintable(int c) {
        return c == '\t'
                || c == '\n'
                || c == '\r'
                || c == 0x85
                || (c >= 0x20 && c <= 0x7e)
                || (c >= 0xa0 && c <= 0xd7ff)
                || (c >= 0xe000 && c <= 0xfffd)
                || c >= 0x10000;
    }
}
