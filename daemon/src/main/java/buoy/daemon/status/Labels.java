package buoy.daemon.status;

import java.nio.charset.StandardCharsets;

/**
 * Labels as they stand in a sample, made once for all the samples that have them.
 *
 * @param written {@code pool="app",server="app1"}, in UTF-8
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Labels(byte[] written) {
    static final Labels NONE = new Labels(new byte[0]);

    /**
     * Labels in this order.
     *
     * @param labels names and values in turn
     */
    static Labels of(String... labels) {
        return labels.length == 0 ? NONE : new Labels(utf8(text(labels)));
    }

    /** The same as a text. */
    static String text(String... labels) {
        StringBuilder out = new StringBuilder(64);
        for (int i = 0; i < labels.length; i += 2) {
            out.append(i == 0 ? "" : ",").append(labels[i]).append("=\"");
            out.append(escaped(labels[i + 1], true)).append('"');
        }
        return out.toString();
    }

    boolean isEmpty() {
        return written.length == 0;
    }

    /**
     * What may not stand there as it is.
     *
     * @param quotes whether quotes may not either
     */
    static String escaped(String text, boolean quotes) {
        String safe = text.replace("\\", "\\\\").replace("\n", "\\n");
        return quotes ? safe.replace("\"", "\\\"") : safe;
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
