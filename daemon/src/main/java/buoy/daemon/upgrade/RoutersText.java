// Longer than 200 lines: both directions of one format, side by side.
package buoy.daemon.upgrade;

import buoy.config.model.FloatingRoute;
import buoy.config.model.FloatingRule;
import buoy.config.model.Prefix;
import buoy.daemon.upgrade.LineReader.Line;
import buoy.vrrp.HandedOver;
import buoy.vrrp.HandedOver.Held;
import buoy.vrrp.HandedOver.Member;
import buoy.vrrp.HandedOver.Pending;
import buoy.vrrp.HandedOver.Team;
import buoy.vrrp.RoutingTable.Entry;
import buoy.vrrp.core.Outlook;
import buoy.vrrp.core.Rules;
import buoy.vrrp.core.State;
import buoy.vrrp.core.Version;
import buoy.vrrp.track.Word;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a speaker leaves to another, as text: a team is followed by its state and its members, a
 * member by what it holds. Times are nanoseconds.
 */
final class RoutersText {
    private RoutersText() {}

    // ---- there ----

    static String encode(HandedOver all) {
        Lines lines = new Lines();
        for (Team team : all.teams()) {
            Rules rules = team.rules();
            lines.add(
                    "team",
                    team.key(),
                    team.since().nanos(),
                    team.transitions(),
                    team.why(),
                    rules.version(),
                    rules.priority(),
                    rules.interval().toNanos(),
                    rules.preempt(),
                    rules.preemptDelay().toNanos());
            encode(lines, team.state());
            team.members().forEach(member -> encode(lines, member));
        }
        all.resigned().stream().sorted().forEach(name -> lines.add("resigned", name));
        for (Word word : all.facts()) {
            lines.add(
                    "fact",
                    word.subject(),
                    word.number().map(Object::toString).orElse(Lines.NONE),
                    word.trouble().map(why -> "+" + why).orElse(Lines.NONE));
        }
        return lines.toString();
    }

    private static void encode(Lines lines, State state) {
        switch (state) {
            case State.Initialize() -> lines.add("initialize");
            case State.Fault(var why) -> lines.add("fault", why);
            case State.Backup(var takeOverAt, var activeInterval, var outlook, var othersUntil) -> {
                lines.add(
                        "backup",
                        takeOverAt.nanos(),
                        activeInterval.toNanos(),
                        othersUntil.nanos());
                encode(lines, outlook);
            }
            case State.Active(var next, var last, boolean contested, var from, var tie) ->
                    lines.add(
                            "active",
                            next.nanos(),
                            last.nanos(),
                            contested,
                            from.nanos(),
                            tie.map(each -> "" + each.since().nanos()).orElse(Lines.NONE),
                            tie.map(each -> "" + each.lastHeard().nanos()).orElse(Lines.NONE));
            case State.Offering(var resumeAt, var before) ->
                    lines.add("offering", resumeAt.nanos(), before);
            case State.Leaving(var faultAt, var why) -> lines.add("leaving", faultAt.nanos(), why);
        }
    }

    private static void encode(Lines lines, Outlook outlook) {
        switch (outlook) {
            case Outlook.NobodyHeard() -> lines.add("nobody-heard");
            case Outlook.Following(var active, var priority) ->
                    lines.add("following", text(active), priority);
            case Outlook.Tolerating(var active, var priority, var until) ->
                    lines.add("tolerating", text(active), priority, until.nanos());
            case Outlook.Preempting(var active, var priority) ->
                    lines.add("preempting", text(active), priority);
            case Outlook.Resigned(var active) -> lines.add("resigned-by", text(active));
        }
    }

    private static void encode(Lines lines, Member member) {
        lines.add(
                "member",
                member.key(),
                member.announcements().map(each -> "" + each.remaining()).orElse(Lines.NONE),
                member.announcements().map(each -> "" + each.next().nanos()).orElse(Lines.NONE));
        for (Held held : member.addresses()) {
            lines.add("address", text(held.address()), held.claimed().nanos(), held.own());
        }
        for (Entry entry : member.routes()) {
            switch (entry) {
                case Entry.Route(var route, var interfaceName) ->
                        lines.add(
                                "route",
                                interfaceName,
                                route.to().map(RoutersText::text).orElse(Lines.NONE),
                                route.via().map(RoutersText::text).orElse(Lines.NONE),
                                route.source().map(RoutersText::text).orElse(Lines.NONE),
                                route.interfaceName().orElse(Lines.NONE),
                                route.table().number(),
                                route.metric().map(Object::toString).orElse(Lines.NONE));
                case Entry.Rule(var rule) ->
                        lines.add(
                                "rule",
                                rule.from().map(RoutersText::text).orElse(Lines.NONE),
                                rule.to().map(RoutersText::text).orElse(Lines.NONE),
                                rule.table(),
                                rule.priority());
            }
        }
    }

    /** A link-local address is written without its link, which is that of the router. */
    private static String text(InetAddress address) {
        return address.getHostAddress().replaceFirst("%.*", "");
    }

    private static String text(Prefix prefix) {
        return text(prefix.address()) + "/" + prefix.length();
    }

    // ---- and back ----

    static HandedOver decode(String text) throws UpgradeFailed {
        return LineReader.all(text, RoutersText::all);
    }

    private static HandedOver all(LineReader in) throws UpgradeFailed {
        List<Team> teams = new ArrayList<>();
        while (in.isAt("team")) {
            teams.add(team(in));
        }
        Set<String> resigned = new HashSet<>();
        while (in.isAt("resigned")) {
            resigned.add(in.next().word(1));
        }
        List<Word> facts = new ArrayList<>();
        while (in.isAt("fact")) {
            Line line = in.next();
            facts.add(
                    new Word(
                            line.word(1),
                            line.optional(2).map(Integer::valueOf),
                            line.optional(3).map(why -> why.substring(1))));
        }
        return new HandedOver(teams, resigned, facts);
    }

    private static Team team(LineReader in) throws UpgradeFailed {
        Line line = in.next();
        Rules rules =
                new Rules(
                        Version.valueOf(line.word(5)),
                        line.priority(6),
                        line.duration(7),
                        line.flag(8),
                        line.duration(9));
        State state = state(in);
        List<Member> members = new ArrayList<>();
        while (in.isAt("member")) {
            members.add(member(in));
        }
        return new Team(
                line.word(1),
                rules,
                state,
                line.ticks(2),
                line.longNumber(3),
                line.word(4),
                members);
    }

    private static State state(LineReader in) throws UpgradeFailed {
        Line line = in.next();
        return switch (line.word(0)) {
            case "initialize" -> new State.Initialize();
            case "fault" -> new State.Fault(line.word(1));
            case "backup" ->
                    new State.Backup(
                            line.ticks(1), line.duration(2), outlook(in.next()), line.ticks(3));
            case "active" ->
                    new State.Active(
                            line.ticks(1),
                            line.ticks(2),
                            line.flag(3),
                            line.ticks(4),
                            line.optional(5).map(_ -> new State.Tie(line.ticks(5), line.ticks(6))));
            case "offering" -> new State.Offering(line.ticks(1), line.priority(2));
            case "leaving" -> new State.Leaving(line.ticks(1), line.word(2));
            default -> throw new UpgradeFailed("it left a state that is not known: " + line);
        };
    }

    private static Outlook outlook(Line line) throws UpgradeFailed {
        return switch (line.word(0)) {
            case "nobody-heard" -> new Outlook.NobodyHeard();
            case "following" -> new Outlook.Following(line.address(1), line.priority(2));
            case "tolerating" ->
                    new Outlook.Tolerating(line.address(1), line.priority(2), line.ticks(3));
            case "preempting" -> new Outlook.Preempting(line.address(1), line.priority(2));
            case "resigned-by" -> new Outlook.Resigned(line.address(1));
            default -> throw new UpgradeFailed("it left an outlook that is not known: " + line);
        };
    }

    private static Member member(LineReader in) {
        Line line = in.next();
        List<Held> addresses = new ArrayList<>();
        while (in.isAt("address")) {
            Line held = in.next();
            addresses.add(new Held(held.prefix(1), held.ticks(2), held.flag(3)));
        }
        List<Entry> routes = new ArrayList<>();
        while (in.isAt("route") || in.isAt("rule")) {
            Line entry = in.next();
            routes.add(entry.word(0).equals("route") ? route(entry) : rule(entry));
        }
        Optional<Pending> announcements =
                line.optional(2)
                        .map(remaining -> new Pending(Integer.parseInt(remaining), line.ticks(3)));
        return new Member(line.word(1), addresses, routes, announcements);
    }

    private static Entry route(Line line) {
        return new Entry.Route(
                new FloatingRoute(
                        line.optional(2).map(_ -> line.prefix(2)),
                        line.optional(3).map(InetAddress::ofLiteral),
                        line.optional(4).map(InetAddress::ofLiteral),
                        line.optional(5),
                        new FloatingRoute.Table(line.number(6)),
                        line.optional(7).map(Integer::valueOf)),
                line.word(1));
    }

    private static Entry rule(Line line) {
        return new Entry.Rule(
                new FloatingRule(
                        line.optional(1).map(_ -> line.prefix(1)),
                        line.optional(2).map(_ -> line.prefix(2)),
                        line.number(3),
                        line.number(4)));
    }
}
