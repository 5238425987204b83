package buoy.daemon.status;

import java.util.ArrayList;
import java.util.List;

/**
 * What the kernel does so that the VRRP thread is punctual on a busy host ({@code
 * process.real-time}).
 *
 * @param scheduling that thread runs ahead of every ordinary one
 * @param memory the memory of the process is never paged out
 */
public record RealTimeStatus(Favour scheduling, Favour memory) {
    /** One thing asked of the kernel. */
    public sealed interface Favour {}

    public record InForce() implements Favour {}

    /**
     * The kernel refused.
     *
     * @param why the call, the reason and the remedy
     */
    public record Refused(String why) implements Favour {}

    /** Not needed, or not wanted. */
    public record NotAsked(String why) implements Favour {}

    /** Neither was asked for. */
    public static RealTimeStatus notAsked(String why) {
        return new RealTimeStatus(new NotAsked(why), new NotAsked(why));
    }

    /** What was refused, in words. */
    List<String> refusals() {
        List<String> refusals = new ArrayList<>();
        if (scheduling instanceof Refused(var why)) {
            refusals.add("the VRRP thread is scheduled as any other: " + why);
        }
        if (memory instanceof Refused(var why)) {
            refusals.add("memory may be paged out: " + why);
        }
        return refusals;
    }

    /** One line for people. */
    public String inWords() {
        return "the VRRP thread: %s; memory: %s"
                .formatted(
                        words(scheduling, "SCHED_RR", "scheduled as any other"),
                        words(memory, "locked on fault", "may be paged out"));
    }

    private static String words(Favour favour, String inForce, String without) {
        return switch (favour) {
            case InForce _ -> inForce;
            case Refused(var why) -> without + ", " + why;
            case NotAsked(var why) -> without + " (" + why + ")";
        };
    }
}
