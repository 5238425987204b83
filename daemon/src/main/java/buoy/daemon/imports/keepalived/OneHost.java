package buoy.daemon.imports.keepalived;

import buoy.daemon.imports.draft.Draft;
import buoy.daemon.imports.draft.Mark;
import buoy.daemon.imports.draft.Node;
import buoy.daemon.imports.draft.Remarks;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What Buoy is to do on one host.
 *
 * @param name of the host
 * @param made sections of a buoy.yaml by name
 */
record OneHost(String name, Node.Mapping made) {
    private static final String SEE = "see docs/vrrp.md for what there is";

    /** Blocks whose own lines have fates by their keywords. */
    private static final Set<String> SAID_HERE =
            Set.of(
                    "global_defs",
                    "vrrp_script",
                    "vrrp_track_process",
                    "vrrp_track_file",
                    "track_file");

    static OneHost read(
            String name,
            Mark start,
            List<Statement> statements,
            Draft draft,
            Remarks remarks,
            Set<String> replaced) {
        Scope scope = Scope.of(draft, remarks, replaced, start, statements);
        scope.say("", statements, SEE);
        statements.stream()
                .filter(each -> SAID_HERE.contains(each.keyword()))
                .forEach(each -> scope.say(each.keyword(), each.block(), SEE));
        mail(scope);
        users(scope);
        Node.Mapping made = new Node.Mapping(start);
        new Routers(scope, made.within("vrrp", start)).read(statements);
        new VirtualServers(scope, made.within("listeners", start), made.within("pools", start))
                .read(statements);
        return new OneHost(name, made);
    }

    private static void mail(Scope scope) {
        String instead =
                "let Prometheus tell whoever does: see docs/operations.md for what to be told of";
        scope.globals()
                .last("notification_email")
                .ifPresent(
                        line -> scope.remarks().note(line.at(), "Buoy sends no mail; " + instead));
        for (String keyword : List.of("smtp_alert", "smtp_alert_vrrp", "smtp_alert_checker")) {
            scope.globals()
                    .last(keyword)
                    .filter(_ -> scope.globals().on(keyword).orElse(false))
                    .ifPresent(
                            line -> scope.remarks().left(line.at(), "Buoy sends no mail", instead));
        }
    }

    /** As whom programs were run without a word about it. */
    private static void users(Scope scope) {
        boolean none = scope.user(scope.globals().at(), "").isEmpty();
        Optional<Statement> asRoot = scope.globals().last("script_user").filter(_ -> none);
        asRoot.or(() -> scope.scripts().values().stream().findFirst().filter(_ -> none))
                .ifPresent(
                        line ->
                                scope.remarks()
                                        .note(
                                                line.at(),
                                                "keepalived runs programs as %s; without a user they are run as Buoy itself: see Programs Buoy runs in docs/operations.md"
                                                        .formatted(
                                                                asRoot.isPresent()
                                                                        ? "root"
                                                                        : "keepalived_script where there is one, or as root")));
    }
}
