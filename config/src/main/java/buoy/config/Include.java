package buoy.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;

/**
 * The main file and those that its {@code include} names, merged into one tree. Sections of things
 * with names take from every file; the others may stand in one file alone.
 */
final class Include {
    static final String KEY = "include";
    private static final Set<String> OF_NAMES =
            Set.of("vrrp", "certificates", "listeners", "pools");
    private static final int MAX_FILES = 256;

    private final Problems problems;
    private final SequencedMap<String, Tree.Entry> sections = new LinkedHashMap<>();

    private Include(Problems problems) {
        this.problems = problems;
    }

    /** Empty when a problem was recorded instead: files that can be read are still judged. */
    static Optional<Tree> read(Path file, Problems problems) {
        return load(file, problems).map(tree -> merged(tree, problems));
    }

    /** The same of a main file whose content is known. */
    static Optional<Tree> read(String name, byte[] content, Problems problems) {
        return Document.parse(name, content, problems).map(tree -> merged(tree, problems));
    }

    private static Tree merged(Tree tree, Problems problems) {
        return tree instanceof Tree.Mapping main ? new Include(problems).merge(main) : tree;
    }

    private static Optional<Tree> load(Path file, Problems problems) {
        return Disk.bytes(file, problems)
                .flatMap(bytes -> Document.parse(file.toString(), bytes, problems));
    }

    private Tree merge(Tree.Mapping main) {
        add(main, true);
        List<Path> more = new ArrayList<>();
        Tree.Entry include = main.entries().get(KEY);
        if (include != null) {
            more.addAll(files(include));
        }
        for (Path file : more) {
            load(file, problems)
                    .ifPresent(
                            tree -> {
                                if (tree instanceof Tree.Mapping mapping) {
                                    add(mapping, false);
                                } else {
                                    notSections(tree, problems);
                                }
                            });
        }
        return new Tree.Mapping(sections, main.place());
    }

    static void notSections(Tree tree, Problems problems) {
        problems.reject(tree.place(), "file", "must be a mapping of sections, not " + tree.kind());
    }

    private void add(Tree.Mapping file, boolean main) {
        for (Tree.Entry section : file.entries().values()) {
            Tree.Entry present = sections.get(section.key());
            if (section.key().equals(KEY)) {
                if (!main) {
                    problems.reject(
                            section.place(),
                            KEY,
                            "stands in an included file (only the main file includes others)");
                }
            } else if (present == null) {
                sections.put(section.key(), section);
            } else if (OF_NAMES.contains(section.key())
                    && present.value() instanceof Tree.Mapping mine
                    && section.value() instanceof Tree.Mapping more) {
                sections.put(section.key(), united(present, mine, more));
            } else {
                problems.reject(
                        section.place(),
                        section.key(),
                        "stands in %s already (remove one)"
                                .formatted(present.place().seenFrom(section.place())));
            }
        }
    }

    private Tree.Entry united(Tree.Entry section, Tree.Mapping mine, Tree.Mapping more) {
        SequencedMap<String, Tree.Entry> names = new LinkedHashMap<>(mine.entries());
        for (Tree.Entry entry : more.entries().values()) {
            Tree.Entry first = names.putIfAbsent(entry.key(), entry);
            if (first != null) {
                problems.reject(
                        entry.place(),
                        Section.join(section.key(), entry.key()),
                        "is given twice, first in %s (remove one)"
                                .formatted(first.place().seenFrom(entry.place())));
            }
        }
        return new Tree.Entry(
                section.key(), section.place(), new Tree.Mapping(names, mine.place()));
    }

    private List<Path> files(Tree.Entry include) {
        if (!(include.value() instanceof Tree.Sequence(List<Tree> items, _))) {
            problems.reject(
                    include.value().place(),
                    KEY,
                    "must be a list, such as [/etc/buoy/conf.d/*.yaml], not "
                            + include.value().kind());
            return List.of();
        }
        List<Path> files = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            String path = KEY + "[" + i + "]";
            if (items.get(i) instanceof Tree.Scalar scalar) {
                Disk.matching(scalar, path, problems).stream()
                        .filter(f -> !files.contains(f))
                        .forEach(files::add);
            } else {
                problems.reject(
                        items.get(i).place(),
                        path,
                        "must be a single value, not " + items.get(i).kind());
            }
        }
        if (files.size() > MAX_FILES) {
            problems.reject(
                    include.value().place(),
                    KEY,
                    "names %d files, and %d are the most (join some)"
                            .formatted(files.size(), MAX_FILES));
            return List.of();
        }
        return files;
    }
}
