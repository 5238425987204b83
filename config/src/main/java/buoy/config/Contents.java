package buoy.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What stands in a configuration, beside what it means: for those who are to see it, or to see to
 * its files.
 *
 * @param shown with what it includes, as it is meant on one host, without its secrets
 * @param files and directories that are read: itself, those it includes and those it names
 */
public record Contents(Tree shown, List<Named> files) {
    public Contents {
        files = List.copyOf(files);
    }

    /**
     * A file that is named somewhere.
     *
     * @param place where
     * @param key whose value it is, such as {@code certificates.site.key}
     */
    public record Named(Place place, String key, Path file) {
        /** The key of what the configuration itself is made of, as in problems. */
        private static final String PART = "file";

        /** Whether the configuration is made of it. */
        public boolean isPart() {
            return key.equals(PART);
        }
    }

    /**
     * Of a tree, to be used if no problem is found in it.
     *
     * @param main what was read first
     */
    static Contents of(Path main, Tree tree, Problems problems) {
        Hidden hidden = new Hidden();
        List<Named> files = new ArrayList<>();
        Set<String> parts = new LinkedHashSet<>();
        parts.add(main.toString());
        parts(tree, parts);
        for (String part : parts) {
            files.add(new Named(Place.start(part), Named.PART, Path.of(part).toAbsolutePath()));
        }
        Witness witness =
                new Witness() {
                    @Override
                    public void read(
                            String at, Map<String, List<Form>> asked, List<List<String>> one) {}

                    @Override
                    public void secret(String path) {
                        hidden.add(path);
                    }

                    @Override
                    public void file(Place place, String path, String file) {
                        if (Names.path(file) instanceof Parsed.Ok<Path>(Path named)) {
                            files.add(new Named(place, path, named));
                        }
                    }
                };
        Section.root(tree, problems, witness, ConfigReader::read);
        return new Contents(hidden.in(tree), files);
    }

    /** The files in which something of it stands; sections come from one, or the names in them. */
    private static void parts(Tree tree, Set<String> parts) {
        if (tree instanceof Tree.Mapping(var sections, _)) {
            for (Tree.Entry section : sections.values()) {
                parts.add(section.place().file());
                if (section.value() instanceof Tree.Mapping(var names, _)) {
                    names.values().forEach(each -> parts.add(each.place().file()));
                }
            }
        }
    }
}
