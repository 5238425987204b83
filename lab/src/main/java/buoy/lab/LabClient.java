package buoy.lab;

import buoy.lab.client.Attempt;
import buoy.lab.client.Attempts;
import buoy.lab.client.Client;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A {@link Client} on a host of the lab, and what it has seen so far. */
public final class LabClient {
    private final Running process;
    private final Tail tail;
    private final List<Attempt> seen = new ArrayList<>();

    private LabClient(Running process) {
        this.process = process;
        this.tail = new Tail(process.log());
    }

    /** Starts roles, each in the words of {@link Client}; they run when this returns. */
    @SafeVarargs
    public static LabClient start(Host host, List<String>... roles) {
        return start(host, list(roles));
    }

    /** The same with any number of roles. */
    public static LabClient start(Host host, List<List<String>> roles) {
        return running(
                host.startJava("client", Client.class, arguments(roles).toArray(String[]::new)));
    }

    /** The same on this machine, outside every lab. */
    @SafeVarargs
    static LabClient startHere(Path log, List<String>... roles) throws IOException {
        List<String> command = new ArrayList<>(ChildJvm.command(Client.class));
        command.addAll(arguments(list(roles)));
        return running(Running.startHere("client", log, command));
    }

    private static LabClient running(Running process) {
        process.awaitOutput("running", Duration.ofSeconds(30));
        return new LabClient(process);
    }

    @SafeVarargs
    private static List<List<String>> list(List<String>... roles) {
        List<List<String>> list = new ArrayList<>();
        for (List<String> role : roles) {
            list.add(role);
        }
        return list;
    }

    private static List<String> arguments(List<List<String>> roles) {
        List<String> arguments = new ArrayList<>();
        for (List<String> role : roles) {
            if (!arguments.isEmpty()) {
                arguments.add("--");
            }
            arguments.addAll(role);
        }
        return arguments;
    }

    /** Everything so far of one role; the last 50 ms may still be missing. */
    public Attempts attempts(String role) {
        return all().of(role);
    }

    /** Ends all roles, waits for what is under way, and returns everything of all roles. */
    public Attempts stop() {
        process.tell("stop");
        process.awaitEnd(Duration.ofSeconds(30));
        return all();
    }

    private synchronized Attempts all() {
        tail.lines().map(Attempt::parse).flatMap(Optional::stream).forEach(seen::add);
        return new Attempts(seen);
    }

    Running process() {
        return process;
    }
}
