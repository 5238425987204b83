package buoy.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** What the kernel lets a thread do beyond what its user may (capabilities(7)). */
public enum Capability {
    SETPCAP(8),
    NET_BIND_SERVICE(10),
    NET_ADMIN(12),
    NET_RAW(13),
    IPC_LOCK(14),
    SYS_NICE(23);

    private static final String EFFECTIVE = "CapEff:";

    private final int number;

    Capability(int number) {
        this.number = number;
    }

    /** Those that the calling thread has; none without /proc. */
    public static Set<Capability> effective() {
        Set<Capability> all = EnumSet.noneOf(Capability.class);
        try {
            List<String> status = Files.readAllLines(Path.of("/proc/thread-self/status"));
            for (Capability each : values()) {
                if (each.isEffective(status)) {
                    all.add(each);
                }
            }
        } catch (IOException _) {
            // Nothing is known of any.
        }
        return all;
    }

    /** Whether the calling thread has it; false without /proc. */
    public boolean isEffective() {
        return effective().contains(this);
    }

    /** From the lines of /proc/PID/status. */
    boolean isEffective(List<String> status) {
        return status.stream()
                .filter(line -> line.startsWith(EFFECTIVE))
                .map(line -> Long.parseUnsignedLong(line.substring(EFFECTIVE.length()).strip(), 16))
                .anyMatch(bits -> (bits >> number & 1) == 1);
    }
}
