package buoy.lb.health;

import buoy.config.model.AddressText;
import buoy.config.model.Endpoint;
import buoy.config.model.Health.Probe;
import buoy.config.model.UnixPath;
import buoy.lb.health.Programs.Ran;
import buoy.lb.pool.Server;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A program of the operator's, run for each check: 0 as its exit status means that the server
 * works. It is told which server in the places and by the names that HAProxy's {@code
 * external-check} has for it, so that the same program does, and by names of our own.
 */
record ExternalProbing(Probe.External probe, Server server, Door door, Programs programs)
        implements Probing {
    /** As HAProxy has it where a check belongs to no address of a listener, or to no port. */
    private static final String NOT_USED = "NOT_USED";

    @Override
    public Outcome ask(Duration timeout) {
        try {
            return switch (programs.run(argv(), environment(), probe.user(), timeout)) {
                case Ran.Exited(int status, String output) when status == 0 ->
                        new Outcome.Passed(said("exit 0", output));
                case Ran.Exited(int status, String output) ->
                        new Outcome.Failed(said("exit " + status, output));
                case Ran.Killed() ->
                        new Outcome.Failed(
                                "killed because it took longer than " + timeout.toMillis() + "ms");
                case Ran.NotRun(String why) -> new Outcome.Failed("cannot be run: " + why);
            };
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return new Outcome.Failed("stopped");
        }
    }

    private String address() {
        return switch (door.at()) {
            case Endpoint(var address, int _) -> AddressText.of(address);
            case UnixPath(var path) -> path;
        };
    }

    private String port() {
        int port = door.server().port();
        return port == 0 ? NOT_USED : Integer.toString(port);
    }

    private List<String> argv() {
        List<String> argv = new ArrayList<>(probe.command());
        argv.addAll(List.of(NOT_USED, NOT_USED, address(), port()));
        return argv;
    }

    private Map<String, String> environment() {
        return Map.of(
                "BUOY_POOL", server.pool(),
                "BUOY_SERVER", server.name(),
                "BUOY_ADDRESS", address(),
                "BUOY_PORT", port(),
                "HAPROXY_PROXY_NAME", server.pool(),
                "HAPROXY_SERVER_NAME", server.name(),
                "HAPROXY_SERVER_ADDR", address(),
                "HAPROXY_SERVER_PORT", port());
    }

    /** With the last line that says something. */
    private static String said(String status, String output) {
        String last =
                output.lines()
                        .map(String::strip)
                        .filter(line -> !line.isEmpty())
                        .reduce("", (_, line) -> line);
        return last.isEmpty() ? status : status + ": " + last;
    }

    /** Nothing is kept. */
    @Override
    public void close() {}
}
