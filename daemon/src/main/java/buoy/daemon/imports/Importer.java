package buoy.daemon.imports;

import buoy.daemon.imports.draft.Draft;
import buoy.daemon.imports.draft.Mark;
import buoy.daemon.imports.draft.Node;
import buoy.daemon.imports.draft.Remarks;
import buoy.daemon.imports.draft.Surroundings;
import buoy.daemon.imports.draft.Unparsable;
import buoy.daemon.imports.draft.YamlWriter;
import buoy.daemon.imports.haproxy.Haproxy;
import buoy.daemon.imports.keepalived.Keepalived;
import buoy.daemon.imports.nginx.Nginx;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Files of others into one configuration of Buoy. */
public final class Importer {
    private Importer() {}

    /**
     * Reads all files into one configuration.
     *
     * @param as the language of all files; empty where each tells its own
     * @throws Unparsable where a file is not in its language; nothing is imported then
     */
    public static Imported run(
            List<Source> sources, Optional<Language> as, Surroundings surroundings)
            throws Unparsable {
        String first = sources.isEmpty() ? "" : sources.getFirst().name();
        Draft draft = new Draft(new Mark(first, 1));
        Remarks remarks = new Remarks();
        Keepalived keepalived = new Keepalived(draft, remarks, surroundings);
        Set<String> replaced = new HashSet<>();
        for (Source source : sources) {
            Language language =
                    as.or(() -> Language.of(source))
                            .orElseThrow(
                                    () ->
                                            new Unparsable(
                                                    source.name(),
                                                    1,
                                                    1,
                                                    "is no file of HAProxy, NGINX or keepalived by its content or name (say so with --as haproxy, --as nginx or --as keepalived)"));
            replaced.add(language.word());
            switch (language) {
                case HAPROXY ->
                        Haproxy.translate(
                                source.name(), source.text(), draft, remarks, surroundings);
                case KEEPALIVED -> keepalived.read(source.name(), source.text());
                case NGINX ->
                        Nginx.translate(source.name(), source.text(), draft, remarks, surroundings);
            }
        }
        // Last, as it is told what the other files bind.
        keepalived.finish(replaced);
        String yaml = Proof.accepted(draft, remarks);
        return new Imported(
                head(sources) + yaml, remarks.sorted(sources.stream().map(Source::name).toList()));
    }

    private static String head(List<Source> sources) {
        StringBuilder head = new StringBuilder("# Made by buoy import of");
        for (Source source : sources) {
            head.append(' ').append(source.name().replaceAll("[^!-~]", "?"));
        }
        return head.append(".\n# Look it through, then: buoy check -c FILE\n\n").toString();
    }

    static String text(Draft draft) {
        Node.Mapping written = draft.written();
        return written.isEmpty() ? "{}\n" : YamlWriter.write(written);
    }
}
