package buoy.daemon.imports.keepalived;

import buoy.config.Text;
import buoy.daemon.imports.draft.Draft;
import buoy.daemon.imports.draft.Mark;
import buoy.daemon.imports.draft.Networks;
import buoy.daemon.imports.draft.Node;
import buoy.daemon.imports.draft.Remarks;
import buoy.daemon.imports.draft.Times;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.net.Inet6Address;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code vrrp} of one host: what {@code vrrp_instance} and {@code vrrp_sync_group} blocks say. */
final class Routers {
    private static final String SEE = "see docs/vrrp.md for what there is";

    /** What routers of one group have in common. */
    private static final List<String> OF_A_GROUP =
            List.of("priority", "advertise", "preempt", "preempt-delay", "start-delay");

    private static final int OWNER = 255;

    /** A group, and the member that stands for it. */
    private record Membership(Statement group, boolean first) {}

    private final Scope scope;
    private final Remarks remarks;
    private final Map<String, Membership> memberships = new LinkedHashMap<>();

    /** The first router of each group. */
    private final Map<String, Node.Mapping> firsts = new LinkedHashMap<>();

    private final Node.Mapping vrrp;

    Routers(Scope scope, Node.Mapping vrrp) {
        this.scope = scope;
        this.remarks = scope.remarks();
        this.vrrp = vrrp;
    }

    void read(List<Statement> statements) {
        List<String> order =
                statements.stream()
                        .filter(each -> each.keyword().equals("vrrp_instance"))
                        .map(each -> each.word(1))
                        .toList();
        for (Statement each : statements) {
            if (each.keyword().equals("vrrp_sync_group")) {
                group(each, order);
            }
        }
        for (Statement each : statements) {
            if (each.keyword().equals("vrrp_instance")) {
                instance(each);
            }
        }
    }

    /** What the group itself tracks and tells is its first router's, in the order of the file. */
    private void group(Statement group, List<String> order) {
        scope.say("vrrp_sync_group", group.block(), SEE);
        List<String> members =
                group.items("group").stream().flatMap(line -> line.words().stream()).toList();
        boolean first = true;
        for (String name : order) {
            if (members.contains(name) && !memberships.containsKey(name)) {
                memberships.put(name, new Membership(group, first));
                first = false;
            }
        }
    }

    private void instance(Statement instance) {
        scope.say("vrrp_instance", instance.block(), SEE);
        Mark at = instance.at();
        Optional<Statement> link =
                instance.last("interface").or(() -> scope.globals().last("default_interface"));
        Optional<Statement> id =
                instance.last("virtual_router_id")
                        .filter(each -> Numbers.between(1, 255, each.word(1)).isPresent());
        Floating floating = new Floating(remarks);
        String interfaceName = link.map(each -> each.word(1)).orElse("");
        Node.Items addresses =
                floating.addresses(
                        instance.mark("virtual_ipaddress"),
                        instance.items("virtual_ipaddress"),
                        interfaceName);
        Node.Items extra =
                floating.addresses(
                        instance.mark("virtual_ipaddress_excluded"),
                        instance.items("virtual_ipaddress_excluded"),
                        interfaceName);
        if (link.isEmpty() || id.isEmpty() || addresses.nodes().isEmpty()) {
            remarks.left(
                    at,
                    "%s has no %s"
                            .formatted(
                                    Text.shown(instance.text()),
                                    link.isEmpty()
                                            ? "interface"
                                            : id.isEmpty()
                                                    ? "virtual_router_id from 1 to 255"
                                                    : "address"),
                    "write the router by hand");
            return;
        }
        boolean six = isIpv6(((Node.Scalar) addresses.nodes().getFirst()).text());
        boolean old = !six && version(instance) == 2;
        Node.Mapping router = new Node.Mapping(at);
        router.text("interface", link.get().at(), interfaceName);
        router.word("router-id", id.get().at(), Integer.parseInt(id.get().word(1)));
        Tracks tracks = tracks(instance, interfaceName);
        int priority = priority(instance, router, tracks);
        if (old) {
            router.word("version", versionMark(instance), 2);
        }
        advertise(instance, router, old);
        preempt(instance, router);
        scope.globals()
                .last("vrrp_startup_delay")
                .ifPresent(line -> duration(line, Duration.ofHours(1), router, "start-delay"));
        router.put("addresses", addresses);
        put(router, "extra-addresses", extra);
        put(
                router,
                "routes",
                floating.routes(instance.mark("virtual_routes"), instance.items("virtual_routes")));
        put(
                router,
                "rules",
                floating.rules(instance.mark("virtual_rules"), instance.items("virtual_rules")));
        unicast(instance, router, six);
        instance.last("use_vmac")
                .ifPresent(
                        line -> {
                            router.word("virtual-mac", line.at(), true);
                            if (line.words().size() > 1) {
                                remarks.note(
                                        line.at(),
                                        "name and MAC address of the link are not chosen: it is called buoy.VRID.INTERFACE");
                            }
                        });
        accept(instance, router, priority);
        password(instance, router, old);
        announce(instance, router);
        if (!tracks.items().nodes().isEmpty()) {
            if (priority == OWNER) {
                remarks.left(
                        tracks.items().nodes().getFirst().from(),
                        "the owner of the addresses (priority 255) tracks nothing",
                        "a priority of 1 to 254");
            } else {
                router.put("track", tracks.items());
            }
        }
        notices(instance).ifPresent(notify -> router.put("notify", notify));
        mail(instance);
        String name = Draft.freeName(vrrp, instance.word(1));
        vrrp.put(name, router);
        member(instance, router, priority);
    }

    private int version(Statement instance) {
        return scope.setting(instance, "version", "vrrp_version")
                .flatMap(line -> Numbers.between(2, 3, line.word(1)))
                .orElse(2);
    }

    private Mark versionMark(Statement instance) {
        return scope.setting(instance, "version", "vrrp_version")
                .map(Statement::at)
                .orElse(instance.at());
    }

    private Tracks tracks(Statement instance, String interfaceName) {
        Optional<Membership> membership = membership(instance);
        boolean ignores =
                membership.isPresent()
                        && membership.get().group().last("sync_group_tracking_weight").isEmpty();
        Tracks tracks = new Tracks(scope, instance.at(), interfaceName, ignores);
        tracks.read(instance);
        if (membership.isPresent() && membership.get().first()) {
            Tracks ofGroup = new Tracks(scope, instance.at(), "", false);
            ofGroup.read(membership.get().group());
            tracks.join(ofGroup);
        }
        return tracks;
    }

    private Optional<Membership> membership(Statement instance) {
        return Optional.ofNullable(memberships.get(instance.word(1)));
    }

    private Optional<Node.Mapping> notices(Statement instance) {
        Notices notices = new Notices(scope);
        notices.ofInstance(instance);
        membership(instance)
                .filter(Membership::first)
                .ifPresent(each -> notices.ofGroup(each.group()));
        return notices.node(instance.at());
    }

    private int priority(Statement instance, Node.Mapping router, Tracks tracks) {
        Optional<Statement> line = instance.last("priority");
        Optional<Integer> number = line.flatMap(each -> Numbers.between(1, OWNER, each.word(1)));
        if (line.isPresent() && number.isEmpty()) {
            remarks.left(
                    line.get().at(),
                    "priority %s is none".formatted(Text.shown(line.get().word(1))),
                    "write one from 1 to 255");
        }
        int own = number.orElse(100);
        if (own == OWNER) {
            router.word("priority", instance.mark("priority"), own);
            return own;
        }
        int sum = Math.clamp((long) own + tracks.added(), 1, 254);
        if (sum != own) {
            remarks.note(
                    instance.mark("priority"),
                    "priority %d is what keepalived's %d comes to while all that is tracked is well"
                            .formatted(sum, own));
        }
        router.word("priority", instance.mark("priority"), sum);
        return sum;
    }

    private void advertise(Statement instance, Node.Mapping router, boolean old) {
        Optional<Statement> line = instance.last("advert_int");
        Optional<Duration> written = line.flatMap(each -> Numbers.seconds(each.word(1)));
        if (line.isPresent() && written.isEmpty()) {
            remarks.left(
                    line.get().at(),
                    "advert_int %s is no time".formatted(Text.shown(line.get().word(1))),
                    "write advertise with its unit");
        }
        written.ifPresent(
                time -> {
                    Duration step = Duration.ofMillis(old ? 1000 : 10);
                    long most = old ? 255 : 4095;
                    long steps =
                            BigDecimal.valueOf(time.toNanos())
                                    .divide(
                                            BigDecimal.valueOf(step.toNanos()),
                                            0,
                                            RoundingMode.HALF_UP)
                                    .longValue();
                    Duration rounded = step.multipliedBy(Math.clamp(steps, 1, most));
                    if (!rounded.equals(time)) {
                        remarks.note(
                                line.get().at(),
                                "advertise is %s: it goes in steps of %s"
                                        .formatted(Times.text(rounded), Times.text(step)));
                    }
                    router.word("advertise", line.get().at(), Times.text(rounded));
                });
    }

    private void preempt(Statement instance, Node.Mapping router) {
        boolean master =
                instance.last("state").filter(each -> each.word(1).equals("MASTER")).isPresent();
        Optional<Statement> no = instance.last("nopreempt");
        no.ifPresent(
                line -> {
                    if (master) {
                        remarks.note(
                                line.at(),
                                "keepalived ignores nopreempt beside state MASTER, and so it is left out");
                    } else {
                        router.word("preempt", line.at(), false);
                    }
                });
        instance.last("preempt_delay")
                .ifPresent(
                        line -> {
                            if (master || no.isPresent()) {
                                remarks.note(
                                        line.at(),
                                        "keepalived ignores preempt_delay beside %s, and so it is left out"
                                                .formatted(master ? "state MASTER" : "nopreempt"));
                            } else {
                                duration(line, Duration.ofDays(1), router, "preempt-delay");
                            }
                        });
    }

    private void duration(Statement line, Duration most, Node.Mapping router, String key) {
        Optional<Duration> time = Numbers.seconds(line.word(1));
        if (time.isEmpty()) {
            remarks.left(
                    line.at(),
                    "%s is no time".formatted(Text.shown(line.text())),
                    "write %s with its unit".formatted(key));
        }
        time.filter(each -> !each.isZero())
                .ifPresent(
                        each ->
                                router.word(
                                        key,
                                        line.at(),
                                        Times.text(each.compareTo(most) > 0 ? most : each)));
    }

    private void unicast(Statement instance, Node.Mapping router, boolean six) {
        Optional<Statement> source =
                instance.last("unicast_src_ip").or(() -> instance.last("mcast_src_ip"));
        Node.Items peers = new Node.Items(instance.mark("unicast_peer"));
        Optional<Integer> least = Optional.empty();
        for (Statement line : instance.items("unicast_peer")) {
            if (Networks.address(line.keyword()).isEmpty()) {
                remarks.left(
                        line.at(),
                        "%s is no address of a peer".formatted(Text.shown(line.keyword())),
                        "write its address");
                continue;
            }
            peers.add(Node.text(line.at(), line.keyword()));
            int min = line.words().indexOf("min_ttl");
            if (min > 0) {
                least = Numbers.between(0, 255, line.word(min + 1));
            }
            if (line.words().contains("max_ttl")) {
                remarks.note(line.at(), "there is no upper limit of a TTL (max_ttl)");
            }
        }
        if (peers.nodes().isEmpty()) {
            instance.last("unicast_src_ip")
                    .or(() -> instance.last("mcast_src_ip"))
                    .ifPresent(
                            line ->
                                    remarks.note(
                                            line.at(),
                                            "multicast goes out from the interface's own address"));
            return;
        }
        Node.Mapping unicast = router.within("unicast", peers.from());
        unicast.put("peers", peers);
        source.ifPresent(line -> unicast.text("source", line.at(), line.word(1)));
        instance.last("unicast_ttl")
                .filter(line -> Numbers.between(1, 255, line.word(1)).isPresent())
                .ifPresent(line -> unicast.word("ttl", line.at(), line.word(1)));
        if (least.isPresent()) {
            unicast.word("min-ttl", peers.from(), least.get());
        } else if (six) {
            unicast.word("min-ttl", peers.from(), 64);
            remarks.note(
                    peers.from(),
                    "min-ttl is 64, as keepalived sends so over IPv6: remove it when no peer is keepalived");
        } else {
            remarks.note(
                    peers.from(),
                    "advertisements that come through a router are dropped: for those write min-ttl");
        }
    }

    private void accept(Statement instance, Node.Mapping router, int priority) {
        Optional<Boolean> strict =
                instance.on("strict_mode").or(() -> scope.globals().on("vrrp_strict"));
        scope.setting(instance, "strict_mode", "vrrp_strict")
                .filter(_ -> strict.orElse(false))
                .ifPresent(
                        line ->
                                remarks.note(
                                        line.at(),
                                        "of strict mode there is accept: false; what else it forbids is refused or never done"));
        Optional<Statement> no = instance.last("no_accept");
        boolean yes = instance.last("accept").isPresent();
        if (no.isPresent() || (strict.orElse(false) && !yes && priority != OWNER)) {
            router.word("accept", no.map(Statement::at).orElse(instance.at()), false);
        }
    }

    private void password(Statement instance, Node.Mapping router, boolean old) {
        List<Statement> lines = instance.items("authentication");
        Optional<Statement> pass =
                Statement.last(lines, "auth_pass").or(() -> instance.last("auth_pass"));
        Optional<Statement> type =
                Statement.last(lines, "auth_type").or(() -> instance.last("auth_type"));
        lines.stream()
                .filter(line -> !List.of("auth_type", "auth_pass").contains(line.keyword()))
                .forEach(
                        line ->
                                remarks.left(
                                        line.at(),
                                        "%s is no keyword that is known"
                                                .formatted(Text.shown(line.keyword())),
                                        SEE));
        if (type.isEmpty() && pass.isEmpty()) {
            return;
        }
        Mark at = pass.or(() -> type).map(Statement::at).orElse(instance.at());
        if (!old) {
            remarks.note(at, "version 3 has no passwords, and keepalived uses none there either");
        } else if (type.filter(each -> each.word(1).equals("AH")).isPresent()) {
            remarks.left(
                    type.get().at(),
                    "authentication by AH is not of RFC 3768",
                    "let IPsec itself protect VRRP, or auth_type PASS on every host first");
        } else {
            pass.filter(each -> !each.word(1).isEmpty())
                    .ifPresent(
                            each -> {
                                String text = each.word(1);
                                // As keepalived takes it: what is longer is cut.
                                router.text(
                                        "password",
                                        each.at(),
                                        text.substring(0, Math.min(8, text.length())));
                            });
        }
    }

    /** keepalived sends so many at once, and again after a delay: here they are spread over it. */
    private void announce(Statement instance, Node.Mapping router) {
        Optional<Statement> few =
                scope.globals()
                        .last("vrrp_min_garp")
                        .filter(_ -> scope.globals().on("vrrp_min_garp").orElse(false));
        Optional<Statement> repeat =
                scope.setting(instance, "garp_master_repeat", "vrrp_garp_master_repeat")
                        .or(() -> few);
        Optional<Statement> delay =
                scope.setting(instance, "garp_master_delay", "vrrp_garp_master_delay");
        Optional<Statement> refresh =
                scope.setting(instance, "garp_master_refresh", "vrrp_garp_master_refresh");
        Node.Mapping announce = new Node.Mapping(instance.at());
        int count =
                few.isPresent() && repeat.equals(few)
                        ? 1
                        : repeat.flatMap(line -> Numbers.between(1, 100, line.word(1))).orElse(5);
        repeat.ifPresent(line -> announce.word("repeat", line.at(), count));
        delay.or(() -> repeat)
                .ifPresent(
                        line -> {
                            Duration span =
                                    delay.flatMap(each -> Numbers.seconds(each.word(1)))
                                            .orElse(Duration.ofSeconds(5));
                            Duration every = span.dividedBy(count);
                            if (count > 1) {
                                announce.word(
                                        "every",
                                        line.at(),
                                        Times.text(
                                                Duration.ofMillis(
                                                        Math.clamp(
                                                                every.toMillis(),
                                                                100,
                                                                3_600_000))));
                            }
                        });
        refresh.flatMap(line -> Numbers.seconds(line.word(1)))
                .filter(time -> time.toSeconds() > 0)
                .ifPresent(
                        time ->
                                announce.word(
                                        "refresh",
                                        refresh.get().at(),
                                        Times.text(
                                                Duration.ofSeconds(
                                                        Math.min(86_400, time.toSeconds())))));
        if (!announce.isEmpty()) {
            router.put("announce", announce);
        }
    }

    private void mail(Statement block) {
        block.last("smtp_alert")
                .filter(_ -> block.on("smtp_alert").orElse(false))
                .ifPresent(
                        line ->
                                remarks.left(
                                        line.at(),
                                        "Buoy sends no mail",
                                        "let Prometheus tell whoever does, of buoy_router_state; or notify"));
    }

    private void member(Statement instance, Node.Mapping router, int priority) {
        Optional<Membership> membership = membership(instance);
        if (membership.isEmpty()) {
            return;
        }
        Statement group = membership.get().group();
        if (priority == OWNER) {
            remarks.left(
                    group.at(),
                    "the owner of the addresses (priority 255) is in no group",
                    "a priority of 1 to 254");
            return;
        }
        router.text("group", group.at(), Draft.name(group.word(1)));
        mail(group);
        Node.Mapping first = firsts.putIfAbsent(group.word(1), router);
        if (first == null) {
            return;
        }
        for (String key : OF_A_GROUP) {
            String own = text(router, key);
            String common = text(first, key);
            if (!own.equals(common)) {
                remarks.note(
                        router.get(key).map(Node::from).orElse(instance.at()),
                        "%s is that of the group's first router, as a group is elected as one"
                                .formatted(key));
                router.remove(key);
                first.get(key).ifPresent(value -> router.put(key, value));
            }
        }
    }

    private static String text(Node.Mapping router, String key) {
        return router.get(key).map(node -> ((Node.Scalar) node).text()).orElse("");
    }

    private static void put(Node.Mapping router, String key, Node.Items items) {
        if (!items.nodes().isEmpty()) {
            router.put(key, items);
        }
    }

    private static boolean isIpv6(String prefix) {
        return Networks.address(prefix.substring(0, prefix.indexOf('/')))
                .filter(Inet6Address.class::isInstance)
                .isPresent();
    }
}
