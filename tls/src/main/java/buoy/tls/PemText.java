package buoy.tls;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * The textual encoding of RFC 7468: blocks between {@code -----BEGIN LABEL-----} and {@code
 * -----END LABEL-----}; what stands around them is commentary.
 */
public sealed interface PemText {
    /** The blocks in the order of the file; perhaps none. */
    record Blocks(List<Block> blocks) implements PemText {
        public Blocks {
            blocks = List.copyOf(blocks);
        }
    }

    /** Not readable as PEM: {@code why} in words, counting lines from 1. */
    record Broken(int line, String why) implements PemText {}

    /**
     * One block.
     *
     * @param label such as {@code CERTIFICATE}
     * @param base64 its contents, which do decode
     * @param encrypted by the old OpenSSL headers {@code Proc-Type: 4,ENCRYPTED}
     */
    record Block(String label, String base64, boolean encrypted) {
        public byte[] der() {
            return Base64.getDecoder().decode(base64);
        }
    }

    /** One block as text, with its line ends. */
    static String block(String label, byte[] der) {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(label, base64, label);
    }

    static PemText parse(String text) {
        List<Block> blocks = new ArrayList<>();
        String label = "";
        int begin = 0;
        boolean encrypted = false;
        StringBuilder base64 = new StringBuilder();
        int number = 0;
        for (String raw : text.split("\r?\n", -1)) {
            number++;
            String line = raw.strip();
            if (begin == 0) {
                if (line.startsWith("-----BEGIN ") && line.endsWith("-----")) {
                    label = line.substring(11, Math.max(11, line.length() - 5));
                    begin = number;
                    encrypted = false;
                    base64.setLength(0);
                }
            } else if (line.startsWith("-----")) {
                if (!line.equals("-----END " + label + "-----")) {
                    return new Broken(
                            number,
                            "the block begun at line %d as %s does not end as %s"
                                    .formatted(begin, label, label));
                }
                Block block = new Block(label, base64.toString(), encrypted);
                if (!decodes(block)) {
                    return new Broken(begin, "what stands between BEGIN and END is not base64");
                }
                blocks.add(block);
                begin = 0;
            } else if (line.indexOf(':') >= 0) {
                encrypted |= line.startsWith("Proc-Type:") && line.contains("ENCRYPTED");
            } else {
                base64.append(line);
            }
        }
        return begin == 0
                ? new Blocks(blocks)
                : new Broken(begin, "the block " + label + " has no end: the file is cut off");
    }

    private static boolean decodes(Block block) {
        try {
            return block.der().length > 0;
        } catch (IllegalArgumentException _) {
            return false;
        }
    }
}
