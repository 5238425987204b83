package buoy.lab;

import buoy.lab.client.Attempts;
import buoy.lab.client.Client;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A {@link Client} on a host of the lab, and what it has seen so far. */
public final class LabClient {
    private final Running process;

    private LabClient(Running process) {
        this.process = process;
    }

    /** Starts roles, each in the words of {@link Client}; they run when this returns. */
    @SafeVarargs
    public static LabClient start(Host host, List<String>... roles) {
        List<String> arguments = new ArrayList<>();
        for (List<String> role : roles) {
            if (!arguments.isEmpty()) {
                arguments.add("--");
            }
            arguments.addAll(role);
        }
        Running process = host.startJava("client", Client.class, arguments.toArray(String[]::new));
        process.awaitOutput("running", Duration.ofSeconds(30));
        return new LabClient(process);
    }

    /** Everything so far of one role; the last 50 ms may still be missing. */
    public Attempts attempts(String role) {
        return Attempts.parse(process.output()).of(role);
    }

    /** Ends all roles, waits for what is under way, and returns everything of all roles. */
    public Attempts stop() {
        process.tell("stop");
        process.awaitOutput("stopped", Duration.ofSeconds(30));
        return Attempts.parse(process.output());
    }
}
