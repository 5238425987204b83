package buoy.daemon;

import java.util.EnumSet;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * The command line as a picocli model, by its programmatic interface: annotations would be read by
 * reflection, which a native image would have to be told about. The same model makes the help.
 */
final class CommandLineSpec {
    /** Of what is ordered by command. */
    private static final String OUTLIVES =
            "It outlives reloads, upgrades and, where there is process.state-directory, restarts.";

    static final String CONFIG = "-c";
    static final String SOCKET = "--socket";
    static final String JSON = "--json";
    static final String DIFF = "--diff";
    static final String PRINT = "--print";
    static final String HOST = "--host";
    static final String WATCH = "--watch";
    static final String CHECK = "--check";
    static final String COLOR = "--color";
    static final String NAME = "NAME";
    static final String KILL = "--kill";
    static final String LISTENER = "--listener";
    static final String POOL = "--pool";
    static final String SERVER = "--server";
    static final String LIMIT = "--limit";
    static final String DEFAULT_CONFIG = "/etc/buoy/buoy.yaml";
    static final String DEFAULT_SOCKET = "/run/buoy/admin.sock";

    private CommandLineSpec() {}

    static CommandSpec create() {
        CommandSpec buoy =
                command(
                        "buoy",
                        "Floats virtual IP addresses (VRRP) and balances HTTP, WebSocket and PostgreSQL.");
        buoy.addSubcommand(
                "run",
                command(
                                "run",
                                "Run in the foreground until told to stop.",
                                "Signals: HUP reloads, TERM and INT stop gracefully (twice: at once), USR1 logs the whole state, USR2 lets the program installed now take over.")
                        .addOption(config("The configuration.")));
        buoy.addSubcommand(
                "check",
                command(
                                "check",
                                "Read the configuration and everything it names, and print every problem.")
                        .addOption(config("The configuration."))
                        .addOption(
                                flag(
                                        DIFF,
                                        "And what a reload of the running buoy would change, key by key."))
                        .addOption(
                                flag(
                                        PRINT,
                                        "And print it as it is understood, with includes and by-host resolved, without its secrets."))
                        .addOption(
                                value(
                                        "HOST",
                                        "As it is meant on that host (default: on this one).",
                                        HOST))
                        .addOption(socket())
                        .addOption(json())
                        .addOption(color()));
        buoy.addSubcommand("explain", explain());
        buoy.addSubcommand(
                "reload",
                talking(
                        "reload",
                        "Let the running buoy read its configuration again. On any problem nothing changes."));
        buoy.addSubcommand(
                "upgrade",
                talking(
                        "upgrade",
                        "Let the program that is installed now take the place of the running buoy, without a lost request. If it cannot, nothing changes."));
        buoy.addSubcommand(
                "stop",
                talking("stop", "Stop the running buoy gracefully and wait until it is gone."));
        buoy.addSubcommand("status", status());
        buoy.addSubcommand(
                "top",
                command(
                                "top",
                                "Show live what the running buoy does: requests and sessions a second, failures, times, servers, routers.",
                                "Keys: q ends it; r, f, l and n sort by rate, failures, 99th percentile and name.")
                        .addOption(config("Its configuration, which names the admin socket."))
                        .addOption(socket())
                        .addOption(flag(TopCommand.ONCE, "Print one picture and end."))
                        .addOption(flag(JSON, "That one as JSON, for machines.")));
        buoy.addSubcommand("sessions", sessions());
        buoy.addSubcommand("vrrp", vrrp());
        buoy.addSubcommand(
                "router",
                command(
                                "router",
                                "Let a virtual router hand its addresses over, or take part again.")
                        .addSubcommand(
                                "resign",
                                routerCommand(
                                        "resign",
                                        "Let a peer take the addresses without a lost request; they stay here if there is none.",
                                        "Until it is resumed the router takes them back only where nobody else has them.",
                                        OUTLIVES))
                        .addSubcommand(
                                "resume",
                                routerCommand(
                                        "resume",
                                        "Let a router that has resigned take part again.")));
        buoy.addSubcommand(
                "listener",
                command("listener", "Let nobody new in at a listener, or let clients in again.")
                        .addSubcommand(
                                "pause",
                                named(
                                        "pause",
                                        "As configured.",
                                        "Refuse new connections; those that are open go on, kept ones of HTTP too.",
                                        OUTLIVES))
                        .addSubcommand(
                                "resume",
                                named("resume", "As configured.", "Let clients in again.")));
        buoy.addSubcommand(
                "pool",
                command("pool", "Let the new sessions of a pool wait, or go on.")
                        .addSubcommand(
                                "pause",
                                named(
                                        "pause",
                                        "As configured.",
                                        "Let new exchanges and sessions wait, and tell when those under way have ended.",
                                        "What is left after the pool's drain time is cut. For a planned change of the primary: nobody is refused.",
                                        OUTLIVES))
                        .addSubcommand(
                                "resume",
                                named("resume", "As configured.", "Let those who wait go on.")));
        buoy.addSubcommand(
                "completion",
                command(
                        "completion",
                        "Print what bash and zsh need to complete these commands: source <(buoy completion)."));
        buoy.addSubcommand(
                "schema",
                command(
                        "schema",
                        "Print the JSON Schema of the configuration, by which editors complete and check it."));
        buoy.addSubcommand("server", server());
        buoy.addSubcommand("import", imports());
        buoy.addSubcommand("version", command("version", "Print the version.").addOption(json()));
        return buoy;
    }

    private static CommandSpec explain() {
        return talking(
                        "explain",
                        "Tell what a request or session would meet: listener, certificate, routes, pool and servers, and why.",
                        "Nothing is sent. Where a buoy runs, its servers are shown as they are now.")
                .addOption(value("METHOD", "Of the request. Default: GET.", ExplainCommand.METHOD))
                .addOption(
                        OptionSpec.builder(ExplainCommand.FIELD)
                                .type(List.class)
                                .auxiliaryTypes(String.class)
                                .arity("1")
                                .paramLabel("'NAME: VALUE'")
                                .description("A header field; may be given several times.")
                                .build())
                .addOption(
                        value(
                                "ADDRESS",
                                "Whose connection it is. Default: 127.0.0.1.",
                                ExplainCommand.FROM))
                .addOption(
                        value(
                                "LISTENER",
                                "The listener it comes to (default: by port and address).",
                                ExplainCommand.LISTENER))
                .addPositional(
                        PositionalParamSpec.builder()
                                .paramLabel("URL")
                                .type(String.class)
                                .required(true)
                                .description(
                                        "http://, https://, ws:// or wss://HOST[:PORT]/PATH; tcp://HOST:PORT[?sni=NAME]; udp://HOST:PORT; postgres://[USER@]HOST[:PORT][/DATABASE][?PARAMETER=VALUE].")
                                .build());
    }

    private static CommandSpec status() {
        CommandSpec status =
                talking("status", "Show what the running buoy does, and why.")
                        .addOption(flag(WATCH, "Again every second, until interrupted."))
                        .addOption(
                                flag(
                                        CHECK,
                                        "The verdict alone, in one line, with exit codes as monitoring systems want them."))
                        .addOption(color());
        status.usageMessage().exitCodeList(ExitCode.meanings(EnumSet.allOf(ExitCode.class)));
        return status;
    }

    private static CommandSpec imports() {
        return command(
                        "import",
                        "Print the configuration that does what files of HAProxy, NGINX and keepalived do.",
                        "For each line that is not carried over, standard error has FILE:LINE: what, and what to do instead.",
                        "Exits with 1 where there is one, and with 2 where a file cannot be read or understood.")
                .addOption(
                        value(
                                "LANGUAGE",
                                "haproxy, nginx or keepalived: what the files are in (default: each by its content).",
                                ImportCommand.AS))
                .addOption(
                        flag(
                                JSON,
                                "The configuration and what is to be said of the files as one JSON object, for machines."))
                .addPositional(
                        PositionalParamSpec.builder()
                                .paramLabel("FILE")
                                .type(List.class)
                                .auxiliaryTypes(String.class)
                                .arity("1..*")
                                .required(true)
                                .description("Read, and not changed; - is standard input.")
                                .build());
    }

    private static CommandSpec sessions() {
        return talking(
                        "sessions",
                        "List the connections and sessions of clients, the longest there first, or end one.")
                .addOption(color())
                .addOption(value("ID", "End this one, as it is listed; it counts as killed.", KILL))
                .addOption(value("LISTENER", "Those of this listener.", LISTENER))
                .addOption(value("POOL", "Those with this pool.", POOL))
                .addOption(value("POOL/SERVER", "Those with this server.", SERVER))
                .addOption(
                        OptionSpec.builder(LIMIT)
                                .type(Integer.class)
                                .paramLabel("N")
                                .description(
                                        "List so many at most, up to 10000 (default: 100); how many there are besides is said.")
                                .build());
    }

    private static CommandSpec server() {
        String several = "Of several servers all get the order, or none; each is told.";
        CommandSpec server =
                command("server", "Take a server out of work or back, or change its share.");
        server.addSubcommand(
                "drain",
                talking(
                                "drain",
                                "Give a server nothing new; what is under way goes on. It counts as up.",
                                OUTLIVES,
                                several)
                        .addPositional(servers("0")));
        server.addSubcommand(
                "maintenance",
                talking(
                                "maintenance",
                                "Count a server as down; what is under way may finish within the pool's drain.",
                                OUTLIVES,
                                several)
                        .addPositional(servers("0")));
        server.addSubcommand(
                "ready",
                talking("ready", "Give a server work again.", several).addPositional(servers("0")));
        server.addSubcommand(
                "weight",
                talking(
                                "weight",
                                "Give a server another share of new work; that of the configuration takes the order back.",
                                OUTLIVES,
                                several)
                        .addPositional(
                                PositionalParamSpec.builder()
                                        .index("0")
                                        .paramLabel("N")
                                        .type(Integer.class)
                                        .required(true)
                                        .description("0..256; with 0 it takes nothing new.")
                                        .build())
                        .addPositional(servers("1")));
        return server;
    }

    private static PositionalParamSpec servers(String index) {
        return PositionalParamSpec.builder()
                .index(index)
                .paramLabel("POOL/SERVER")
                .type(String.class)
                .required(true)
                .description(
                        "As configured; '*/SERVER' is that of every pool, and ADDRESS[:PORT] each that is there.")
                .build();
    }

    private static CommandSpec vrrp() {
        CommandSpec vrrp = command("vrrp", "About the protocol itself; needs no running buoy.");
        vrrp.addSubcommand(
                "watch",
                command(
                                "watch",
                                "Show VRRP, CARP, gratuitous ARP and neighbour advertisements as they pass, and what is wrong with them.",
                                "Needs libpcap, and CAP_NET_RAW unless a file is read. INT and TERM end it.")
                        .addOption(
                                value(
                                        "IFACE",
                                        "Listen on this interface, in promiscuous mode (default: on all).",
                                        WatchCommand.INTERFACE,
                                        "--interface"))
                        .addOption(
                                value(
                                        "FILE.pcap",
                                        "Read a capture in place of an interface; - is standard input.",
                                        WatchCommand.FILE,
                                        "--read"))
                        .addOption(
                                OptionSpec.builder(WatchCommand.COUNT)
                                        .type(Integer.class)
                                        .paramLabel("N")
                                        .description("End after this many packets.")
                                        .build())
                        .addOption(flag(JSON, "One JSON object a line, for machines.")));
        return vrrp;
    }

    private static OptionSpec flag(String name, String description) {
        return OptionSpec.builder(name)
                .arity("0")
                .type(boolean.class)
                .description(description)
                .build();
    }

    private static OptionSpec value(String label, String description, String... names) {
        return OptionSpec.builder(names)
                .type(String.class)
                .paramLabel(label)
                .description(description)
                .build();
    }

    private static CommandSpec command(String name, String... description) {
        CommandSpec spec = CommandSpec.create().name(name);
        spec.usageMessage()
                .description(description)
                .abbreviateSynopsis(false)
                .sortOptions(false)
                .exitCodeListHeading("%nExit codes:%n")
                .exitCodeList(ExitCode.meanings(ExitCode.USUAL));
        spec.addOption(
                OptionSpec.builder("-h", "--help")
                        .arity("0")
                        .type(boolean.class)
                        .usageHelp(true)
                        .description("Show this help.")
                        .build());
        return spec;
    }

    private static CommandSpec talking(String name, String... description) {
        return command(name, description)
                .addOption(config("Its configuration, which names the admin socket."))
                .addOption(socket())
                .addOption(json());
    }

    private static OptionSpec color() {
        return OptionSpec.builder(COLOR)
                .type(Terminal.Color.class)
                .paramLabel("WHEN")
                .completionCandidates(List.of("auto", "always", "never"))
                .converters(CommandLineSpec::color)
                .description(
                        "auto, always or never. Default: auto, on a terminal unless NO_COLOR is set.")
                .build();
    }

    private static Object color(String word) {
        return switch (word) {
            case "auto" -> Terminal.Color.AUTO;
            case "always" -> Terminal.Color.ALWAYS;
            case "never" -> Terminal.Color.NEVER;
            default ->
                    throw new CommandLine.TypeConversionException(
                            "expected auto, always or never, not \"" + word + "\"");
        };
    }

    private static OptionSpec json() {
        return flag(JSON, "As JSON, for machines.");
    }

    private static OptionSpec socket() {
        return OptionSpec.builder(SOCKET)
                .type(String.class)
                .paramLabel("PATH")
                .description(
                        "The admin socket itself (default: as configured, else "
                                + DEFAULT_SOCKET
                                + ").")
                .build();
    }

    private static CommandSpec routerCommand(String name, String... description) {
        return named(name, "As configured; a router of a group brings all of it.", description);
    }

    /**
     * @param whom what the name stands for
     */
    private static CommandSpec named(String name, String whom, String... description) {
        return talking(name, description)
                .addPositional(
                        PositionalParamSpec.builder()
                                .paramLabel(NAME)
                                .type(String.class)
                                .required(true)
                                .description(whom)
                                .build());
    }

    private static OptionSpec config(String description) {
        return OptionSpec.builder(CONFIG, "--config")
                .type(String.class)
                .paramLabel("FILE")
                .description(description + " Default: " + DEFAULT_CONFIG + ".")
                .build();
    }
}
