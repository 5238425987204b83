package buoy.daemon.imports.keepalived;

import buoy.daemon.imports.draft.Draft;
import buoy.daemon.imports.draft.Fate;
import buoy.daemon.imports.draft.Mark;
import buoy.daemon.imports.draft.Node;
import buoy.daemon.imports.draft.Remarks;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What all blocks of one host's configuration need.
 *
 * @param draft what came of the files of others
 * @param replaced programs whose own files are imported as well
 * @param globals what {@code global_defs} say, all of them together
 * @param scripts the {@code vrrp_script} blocks by name
 * @param files the {@code vrrp_track_file} blocks by name
 * @param processes the {@code vrrp_track_process} blocks by name
 */
record Scope(
        Draft draft,
        Remarks remarks,
        Set<String> replaced,
        Statement globals,
        Map<String, Statement> scripts,
        Map<String, Statement> files,
        Map<String, Statement> processes) {

    static Scope of(
            Draft draft,
            Remarks remarks,
            Set<String> replaced,
            Mark start,
            List<Statement> statements) {
        List<Statement> globals =
                statements.stream()
                        .filter(each -> each.keyword().equals("global_defs"))
                        .flatMap(each -> each.block().stream())
                        .toList();
        List<Statement> files = new ArrayList<>(all(statements, "track_file"));
        files.addAll(all(statements, "vrrp_track_file"));
        return new Scope(
                draft,
                remarks,
                replaced,
                new Statement(start, List.of("global_defs"), globals),
                byName(all(statements, "vrrp_script")),
                byName(files),
                byName(all(statements, "vrrp_track_process")));
    }

    private static List<Statement> all(List<Statement> statements, String keyword) {
        return statements.stream().filter(each -> each.keyword().equals(keyword)).toList();
    }

    private static Map<String, Statement> byName(List<Statement> statements) {
        return statements.stream()
                .collect(Collectors.toMap(each -> each.word(1), each -> each, (a, _) -> a));
    }

    /**
     * Says what becomes of lines by their keywords.
     *
     * @param block the keyword of the block they stand in
     * @param see where to look for what there is
     */
    void say(String block, List<Statement> lines, String see) {
        lines.forEach(
                line ->
                        Fate.say(
                                remarks,
                                line.at(),
                                line.words(),
                                Keywords.of(block, line.words()),
                                see));
    }

    /**
     * What a router says, and where it does not, what holds for all of them.
     *
     * @param own its keyword
     * @param global the one in {@code global_defs}
     */
    Optional<Statement> setting(Statement router, String own, String global) {
        return router.last(own).or(() -> globals.last(global));
    }

    /**
     * As whom a program is run, where it is not Buoy itself.
     *
     * @param own what the program's own line names; empty for nobody
     */
    Optional<Node> user(Mark at, String own) {
        Optional<Statement> usual = globals.last("script_user");
        String user = own.isEmpty() ? usual.map(each -> each.word(1)).orElse("") : own;
        if (user.isEmpty() || user.equals("root")) {
            return Optional.empty();
        }
        Mark from = own.isEmpty() ? usual.map(Statement::at).orElse(at) : at;
        return Optional.of(Node.text(from, user));
    }
}
