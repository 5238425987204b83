package buoy.daemon.imports.nginx;

import buoy.config.Text;
import buoy.config.model.Network;
import buoy.daemon.imports.draft.Mark;
import buoy.daemon.imports.draft.Networks;
import buoy.daemon.imports.draft.Node;
import buoy.daemon.imports.draft.RouteMatch;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** Who may come in: {@code allow}, {@code deny}, {@code auth_basic} and {@code limit_except}. */
final class Access {
    private static final int LONGEST_REALM = 100;

    /** Rules of the same kind in a row. */
    private record Rule(Mark at, boolean allows, List<Network> networks, boolean all) {}

    private final Site site;
    private final Context context;

    Access(Site site, Context context) {
        this.site = site;
        this.context = context;
    }

    /**
     * Adds routes that keep out whom they should.
     *
     * @param content what is done for those who may come, with the login they need
     */
    void then(
            Scope scope, RouteMatch match, BiConsumer<RouteMatch, Optional<Node.Mapping>> content) {
        for (Directive line : scope.own("limit_except")) {
            Set<String> methods = new LinkedHashSet<>(line.args());
            if (methods.contains("GET")) {
                methods.add("HEAD");
            }
            Optional<RouteMatch> both = site.both(line.at(), match, RouteMatch.ofMethods(methods));
            both.ifPresent(free -> rules(scope, free, content));
            rules(scope.inner(line), match, content);
            return;
        }
        rules(scope, match, content);
    }

    private void rules(
            Scope scope, RouteMatch match, BiConsumer<RouteMatch, Optional<Node.Mapping>> content) {
        Optional<Node.Mapping> login;
        Optional<Directive> realm =
                scope.get("auth_basic").filter(line -> !line.arg(0).equals("off"));
        if (realm.isPresent()) {
            login = login(realm.get(), scope);
            if (login.isEmpty()) {
                site.notCarried(
                        realm.get().at(),
                        match,
                        "auth_basic has no file of users",
                        "write basic-auth: {users-file: FILE} of the route");
                return;
            }
        } else {
            login = Optional.empty();
        }
        boolean any = scope.value("satisfy").filter("any"::equals).isPresent();
        List<Rule> rules = rulesOf(scope);
        boolean either = any && login.isPresent() && !rules.isEmpty();
        Consumer<RouteMatch> allowed =
                fits -> content.accept(fits, either ? Optional.empty() : login);
        for (Rule rule : rules) {
            Optional<RouteMatch> fits =
                    rule.all()
                            ? Optional.of(match)
                            : site.both(rule.at(), match, RouteMatch.ofClient(rule.networks()));
            if (fits.isPresent()) {
                if (rule.allows()) {
                    allowed.accept(fits.get());
                } else if (either) {
                    content.accept(fits.get(), login);
                } else {
                    site.respond(rule.at(), fits.get(), 403, "");
                }
            }
            if (fits.filter(match::equals).isPresent()) {
                return;
            }
        }
        content.accept(match, login);
    }

    private List<Rule> rulesOf(Scope scope) {
        List<Rule> rules = new ArrayList<>();
        for (Directive line : scope.nearest(Set.of("allow", "deny"))) {
            boolean allows = line.is("allow");
            if (line.arg(0).equals("unix:")) {
                continue; // a client on a unix socket counts as 127.0.0.1
            }
            Optional<Network> network = Networks.parse(line.arg(0));
            boolean all = line.arg(0).equals("all");
            if (network.isEmpty() && !all) {
                context.remarks()
                        .left(
                                line.at(),
                                "%s is no network".formatted(Text.shown(line.text())),
                                "write match: {client: [203.0.113.0/24]} of a route");
                // Rather one too few comes in than one too many.
                all = !allows;
                if (allows) {
                    continue;
                }
            }
            if (!all
                    && !rules.isEmpty()
                    && rules.getLast().allows() == allows
                    && !rules.getLast().all()) {
                rules.getLast().networks().add(network.orElseThrow());
            } else {
                rules.add(
                        new Rule(
                                line.at(),
                                allows,
                                new ArrayList<>(network.stream().toList()),
                                all));
            }
        }
        return rules;
    }

    private Optional<Node.Mapping> login(Directive realm, Scope scope) {
        Optional<Directive> file =
                scope.get("auth_basic_user_file").filter(line -> Variables.isPlain(line.arg(0)));
        return file.map(
                line -> {
                    String path = context.absolute(line.arg(0));
                    hashes(line.at(), path);
                    Node.Mapping login = new Node.Mapping(line.at());
                    login.text("users-file", line.at(), path);
                    if (Pattern.matches("[ -~]{1," + LONGEST_REALM + "}", realm.arg(0))
                            && Variables.isPlain(realm.arg(0))) {
                        login.text("realm", realm.at(), realm.arg(0));
                    }
                    return login;
                });
    }

    /** Says whose passwords are kept in a way that is not taken; never how. */
    private void hashes(Mark at, String path) {
        context.surroundings()
                .read(path)
                .ifPresent(
                        text ->
                                text.lines()
                                        .filter(line -> line.indexOf(':') > 0)
                                        .filter(
                                                line ->
                                                        !Pattern.matches(
                                                                "[^:]+:(\\$2[aby]\\$|\\$5\\$|\\$6\\$|\\$apr1\\$).*",
                                                                line))
                                        .limit(100)
                                        .map(line -> line.substring(0, line.indexOf(':')))
                                        .filter(user -> !user.startsWith("#"))
                                        .forEach(
                                                user ->
                                                        context.remarks()
                                                                .left(
                                                                        at,
                                                                        "the password of %s in %s is kept in a way that is not taken"
                                                                                .formatted(
                                                                                        Text.shown(
                                                                                                user),
                                                                                        Text.shown(
                                                                                                path)),
                                                                        "htpasswd -B %s %s"
                                                                                .formatted(
                                                                                        Text.shown(
                                                                                                path),
                                                                                        Text.shown(
                                                                                                user)))));
    }
}
