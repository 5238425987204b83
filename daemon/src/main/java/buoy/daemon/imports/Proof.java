package buoy.daemon.imports;

import buoy.config.ConfigFile;
import buoy.config.Problem;
import buoy.config.Reading;
import buoy.daemon.imports.draft.Draft;
import buoy.daemon.imports.draft.Mark;
import buoy.daemon.imports.draft.Node;
import buoy.daemon.imports.draft.Remarks;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What was made is read as Buoy reads it. A value that would be refused is taken out, with as much
 * around it as must not be without it, and said at the line it came from. Nothing that keeps
 * somebody out is ever taken out alone: its listener goes too.
 */
final class Proof {
    /** Keys of a listener without which it lets in nobody more. */
    private static final Set<String> OF_LISTENERS =
            Set.of(
                    "max-connections",
                    "tcp",
                    "timeouts",
                    "compression",
                    "errors",
                    "headers",
                    "access-log",
                    "lenient",
                    "responses");

    /** Keys of a pool without which its servers are not spoken to in another way. */
    private static final Set<String> OF_POOLS =
            Set.of(
                    "balance",
                    "health",
                    "retries",
                    "passive",
                    "sticky",
                    "slow-start",
                    "timeouts",
                    "tcp",
                    "drain",
                    "on-down",
                    "hold",
                    "queue",
                    "fallback",
                    "source");

    private static final Set<String> OF_ROUTERS =
            Set.of("routes", "rules", "track", "notify", "announce", "lifetime", "start-delay");

    /** More problems than that are no accident of one value. */
    private static final int MOST_ROUNDS = 10_000;

    private final Draft draft;
    private final Remarks remarks;

    private Proof(Draft draft, Remarks remarks) {
        this.draft = draft;
        this.remarks = remarks;
    }

    /** The draft as a text that is accepted. */
    static String accepted(Draft draft, Remarks remarks) {
        return new Proof(draft, remarks).read();
    }

    private String read() {
        for (int round = 0; round < MOST_ROUNDS; round++) {
            String text = Importer.text(draft);
            if (!(judge(text) instanceof Reading.Rejected(List<Problem> problems))) {
                return text;
            }
            Optional<Problem> first = problems.stream().filter(p -> !awaitsAFile(p)).findFirst();
            if (first.isEmpty()) {
                return text;
            }
            takeOut(first.get());
        }
        throw new IllegalStateException("what was made is refused, whatever is taken out");
    }

    private Reading judge(String text) {
        return draft.host()
                .map(host -> ConfigFile.judge("buoy.yaml", text, host))
                .orElseGet(() -> ConfigFile.judge("buoy.yaml", text));
    }

    /**
     * Passwords and pages stand in files, which may be on another host, or are still to be written.
     */
    private static boolean awaitsAFile(Problem problem) {
        return problem.message().contains("cannot be read")
                && (problem.path().endsWith("users-file") || problem.path().contains(".errors."));
    }

    private void takeOut(Problem problem) {
        Node.Mapping root = draft.written();
        List<String> keys = keys(root, problem.path());
        if (keys.isEmpty()) {
            throw new IllegalStateException("refused: " + problem);
        }
        List<String> victim = victim(root, keys);
        Mark at = mark(root, keys);
        Node.Mapping parent = root;
        for (String key : victim.subList(0, victim.size() - 1)) {
            parent = (Node.Mapping) parent.get(key).orElseThrow();
        }
        parent.remove(victim.getLast());
        remarks.left(
                at,
                "%s is left out, as %s of it %s"
                        .formatted(String.join(".", victim), problem.path(), problem.message()),
                "write it by hand");
    }

    /** What goes with the value: a path of keys from the root. */
    private static List<String> victim(Node.Mapping root, List<String> keys) {
        String section = keys.getFirst();
        if (keys.size() == 1
                || !Set.of("listeners", "pools", "vrrp", "certificates").contains(section)) {
            return keys.subList(0, Math.min(2, keys.size()));
        }
        List<String> named = keys.subList(0, 2);
        if (keys.size() == 2 || section.equals("certificates")) {
            return named;
        }
        Set<String> alone =
                switch (section) {
                    case "listeners" -> OF_LISTENERS;
                    case "pools" -> OF_POOLS;
                    default -> OF_ROUTERS;
                };
        if (alone.contains(keys.get(2))) {
            // Of header fields and timeouts the one that is wrong; of the rest all of it.
            boolean inner = Set.of("headers", "timeouts").contains(keys.get(2));
            return inner ? keys : keys.subList(0, 3);
        }
        if (section.equals("pools")
                && keys.get(2).equals("servers")
                && keys.size() > 3
                && root.get("pools").orElseThrow() instanceof Node.Mapping pools
                && pools.get(keys.get(1)).orElseThrow() instanceof Node.Mapping pool
                && pool.get("servers").orElseThrow() instanceof Node.Mapping servers
                && servers.entries().size() > 1) {
            return keys.subList(0, 4);
        }
        return named;
    }

    /** The keys of mappings on the way to a path, as far as there are any; names may have dots. */
    private static List<String> keys(Node.Mapping root, String path) {
        List<String> keys = new ArrayList<>();
        Node node = root;
        String rest = path;
        while (node instanceof Node.Mapping mapping && !rest.isEmpty()) {
            String best = null;
            for (String key : mapping.entries().keySet()) {
                boolean fits =
                        rest.equals(key)
                                || rest.startsWith(key + ".")
                                || rest.startsWith(key + "[");
                if (fits && (best == null || key.length() > best.length())) {
                    best = key;
                }
            }
            if (best == null) {
                break;
            }
            keys.add(best);
            node = mapping.entries().get(best);
            rest = rest.substring(best.length()).replaceFirst("^\\.", "");
        }
        return keys;
    }

    private static Mark mark(Node.Mapping root, List<String> keys) {
        Node node = root;
        for (String key : keys) {
            if (node instanceof Node.Mapping mapping) {
                node = mapping.get(key).orElse(node);
            }
        }
        return node.from();
    }
}
