package buoy.daemon.imports.draft;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The buoy.yaml that is being made of all files together. Languages only add to it: what one has
 * named is not named again by another.
 */
public final class Draft {
    /** In the order in which they are written. */
    private static final List<String> SECTIONS =
            List.of(
                    "log",
                    "process",
                    "stats",
                    "peer",
                    "vrrp",
                    "certificates",
                    "listeners",
                    "pools");

    private static final int LONGEST_NAME = 64;

    private final Node.Mapping root;
    private Optional<String> host = Optional.empty();

    public Draft(Mark from) {
        root = new Node.Mapping(from);
        SECTIONS.forEach(section -> root.put(section, new Node.Mapping(from)));
    }

    /** It is for certain hosts, of which this is one; otherwise it is for any. */
    public void judgeOn(String name) {
        host = Optional.of(name);
    }

    /** A host that it is for, where it is not for any. */
    public Optional<String> host() {
        return host;
    }

    /** One of log, process, stats, vrrp, certificates, listeners and pools. */
    public Node.Mapping section(String name) {
        return root.within(name, root.from());
    }

    /** All sections that have something in them. */
    public Node.Mapping written() {
        Node.Mapping written = new Node.Mapping(root.from());
        root.entries()
                .forEach(
                        (name, node) -> {
                            if (node instanceof Node.Mapping section && !section.isEmpty()) {
                                written.put(name, section);
                                root.comments(name).forEach(c -> written.comment(name, c));
                            }
                        });
        return written;
    }

    /**
     * A name as Buoy has them that is not yet in the section: as near to the one wanted as can be.
     */
    public String freeName(String section, String wanted) {
        return freeName(section(section), wanted);
    }

    /** The same among the keys of a mapping. */
    public static String freeName(Node.Mapping among, String wanted) {
        String name = name(wanted);
        String free = name;
        for (int i = 2; among.has(free); i++) {
            String end = "-" + i;
            free = name.substring(0, Math.min(name.length(), LONGEST_NAME - end.length())) + end;
        }
        return free;
    }

    /** The nearest name that Buoy takes for a router, certificate, listener, pool or server. */
    public static String name(String wanted) {
        String name = wanted.replaceAll("[^A-Za-z0-9._-]+", "-").replaceAll("^[^A-Za-z0-9]+", "");
        if (name.isEmpty()) {
            return "x";
        }
        return name.substring(0, Math.min(name.length(), LONGEST_NAME));
    }

    /** The name under certificates of one with these files, which is added where there is none. */
    public String certificate(String wanted, Node.Mapping files) {
        Node.Mapping section = section("certificates");
        String text = texts(files);
        for (var entry : section.entries().entrySet()) {
            if (entry.getValue() instanceof Node.Mapping present && texts(present).equals(text)) {
                return entry.getKey();
            }
        }
        String name = freeName(section, wanted);
        section.put(name, files);
        return name;
    }

    private static String texts(Node.Mapping files) {
        List<String> all = new ArrayList<>();
        files.entries().forEach((key, value) -> all.add(key + "=" + ((Node.Scalar) value).text()));
        return String.join("\n", all);
    }

    /** What a certificate in this file may be called: the file's own name without its ending. */
    public static String nameOfFile(String path) {
        String trimmed = path.replaceAll("/+$", "");
        String last = trimmed.substring(trimmed.lastIndexOf('/') + 1);
        String name = Pattern.compile("\\.(pem|crt|cer|cert|chain)$").matcher(last).replaceAll("");
        // Let's Encrypt and its like call every chain the same.
        if (List.of("fullchain", "chain", "cert", "tls", "server", "combined").contains(name)) {
            String parent = trimmed.substring(0, Math.max(0, trimmed.lastIndexOf('/')));
            return name(parent.substring(parent.lastIndexOf('/') + 1));
        }
        return name(name);
    }
}
