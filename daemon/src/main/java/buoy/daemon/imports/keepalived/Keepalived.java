package buoy.daemon.imports.keepalived;

import buoy.config.Text;
import buoy.daemon.imports.draft.Draft;
import buoy.daemon.imports.draft.Mark;
import buoy.daemon.imports.draft.Node;
import buoy.daemon.imports.draft.Remarks;
import buoy.daemon.imports.draft.Surroundings;
import buoy.daemon.imports.draft.Unparsable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** The way in: the texts of keepalived.conf, of one host or of several, into a draft. */
public final class Keepalived {
    private static final int MOST_HOSTS = 16;

    private static final Pattern HOST =
            Pattern.compile("[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?");

    /** A file, with what it includes. */
    private record Source(String file, List<Row> rows) {
        Mark start() {
            return new Mark(file, 1);
        }
    }

    private final Draft draft;
    private final Remarks remarks;
    private final Surroundings surroundings;
    private final List<Source> sources = new ArrayList<>();

    public Keepalived(Draft draft, Remarks remarks, Surroundings surroundings) {
        this.draft = draft;
        this.remarks = remarks;
        this.surroundings = surroundings;
    }

    /**
     * Takes in a file.
     *
     * @param file as it is to be named in remarks
     * @throws Unparsable where it is no configuration of keepalived
     */
    public void read(String file, String text) throws Unparsable {
        Source source = new Source(file, Rows.read(file, text, remarks, surroundings));
        StatementParser.parse(file, Template.on("", source.rows(), new Remarks()));
        sources.add(source);
    }

    /**
     * Adds to the draft what all files together say.
     *
     * @param replaced programs whose own files are in the draft: what only watches them is needless
     */
    public void finish(Set<String> replaced) throws Unparsable {
        if (sources.isEmpty()) {
            return;
        }
        List<OneHost> hosts = ofSeveralHosts() ? eachItsHost(replaced) : sameOnAll(replaced);
        Node.Mapping made = ByHost.joined(hosts, remarks);
        if (hosts.size() > 1) {
            draft.judgeOn(hosts.getFirst().name());
        }
        made.entries()
                .forEach(
                        (section, node) ->
                                ((Node.Mapping) node)
                                        .entries()
                                        .forEach(
                                                (name, value) ->
                                                        draft.section(section)
                                                                .put(
                                                                        draft.freeName(
                                                                                section, name),
                                                                        value)));
    }

    /** Two files that float one address are those of two hosts; otherwise they are parts of one. */
    private boolean ofSeveralHosts() throws Unparsable {
        Set<String> seen = new HashSet<>();
        for (Source source : sources) {
            Set<String> own = new HashSet<>();
            for (Statement each : statements(source, "", new Remarks())) {
                if (each.keyword().equals("vrrp_instance")) {
                    each.items("virtual_ipaddress")
                            .forEach(line -> own.add(line.keyword().replaceFirst("/.*", "")));
                }
            }
            if (own.stream().anyMatch(seen::contains)) {
                return true;
            }
            seen.addAll(own);
        }
        return false;
    }

    private List<OneHost> eachItsHost(Set<String> replaced) throws Unparsable {
        if (sources.size() > MOST_HOSTS) {
            throw tooMany(sources.getLast().file());
        }
        List<String> names = names();
        List<OneHost> hosts = new ArrayList<>();
        for (int i = 0; i < sources.size(); i++) {
            Source source = sources.get(i);
            remarks.note(
                    source.start(),
                    "is taken for the file of the host %s: by-host goes by the host's name (hostname)"
                            .formatted(names.get(i)));
            hosts.add(
                    OneHost.read(
                            names.get(i),
                            source.start(),
                            statements(source, names.get(i), remarks),
                            draft,
                            remarks,
                            replaced));
        }
        return hosts;
    }

    /** By the first way of naming them that names each file differently. */
    private List<String> names() throws Unparsable {
        List<String> files = new ArrayList<>();
        List<String> directories = new ArrayList<>();
        List<String> ids = new ArrayList<>();
        for (Source source : sources) {
            String[] path = source.file().split("/", -1);
            files.add(ownPart(path[path.length - 1]));
            directories.add(path.length > 1 ? ownPart(path[path.length - 2]) : "");
            ids.add(
                    statements(source, "", new Remarks()).stream()
                            .flatMap(each -> each.all("router_id").stream())
                            .map(each -> each.word(1))
                            .findFirst()
                            .orElse(""));
        }
        for (List<String> names : List.of(files, directories, ids)) {
            if (names.stream().allMatch(name -> HOST.matcher(name).matches())
                    && new HashSet<>(names).size() == names.size()
                    && !names.contains(ByHost.DEFAULT)) {
                return names;
            }
        }
        return IntStream.rangeClosed(1, sources.size()).mapToObj(i -> "host" + i).toList();
    }

    /** What is left of {@code keepalived-lb1.conf} is the host's. */
    private static String ownPart(String name) {
        return name.replaceFirst("\\.(conf|cfg|txt)$", "")
                .replaceFirst("(?i)^keepalived[._-]?", "")
                .replaceFirst("(?i)[._-]?keepalived$", "")
                .replaceFirst("\\..*", "");
    }

    /** One configuration for all hosts, with lines for some of them. */
    private List<OneHost> sameOnAll(Set<String> replaced) throws Unparsable {
        Set<String> named = new LinkedHashSet<>();
        for (Source source : sources) {
            named.addAll(Template.hosts(source.rows()));
        }
        for (String name : List.copyOf(named)) {
            if (!HOST.matcher(name).matches() || name.equals(ByHost.DEFAULT)) {
                named.remove(name);
                remarks.left(
                        sources.getFirst().start(),
                        "lines for @%s: by-host knows no such host".formatted(Text.shown(name)),
                        "name the host as hostname does");
            }
        }
        if (named.size() > MOST_HOSTS) {
            throw tooMany(sources.getFirst().file());
        }
        List<String> names = new ArrayList<>(named);
        // Where several are named, they are all there are.
        if (names.size() < 2) {
            names.add(ByHost.DEFAULT);
        }
        List<OneHost> hosts = new ArrayList<>();
        for (String name : names) {
            List<Statement> all = new ArrayList<>();
            for (Source source : sources) {
                all.addAll(statements(source, name.equals(ByHost.DEFAULT) ? "" : name, remarks));
            }
            hosts.add(
                    OneHost.read(name, sources.getFirst().start(), all, draft, remarks, replaced));
        }
        return hosts;
    }

    private static List<Statement> statements(Source source, String host, Remarks remarks)
            throws Unparsable {
        return StatementParser.parse(source.file(), Template.on(host, source.rows(), remarks));
    }

    private static Unparsable tooMany(String file) {
        return new Unparsable(
                file,
                1,
                1,
                "more than %d hosts (import the files of some of them)".formatted(MOST_HOSTS));
    }
}
