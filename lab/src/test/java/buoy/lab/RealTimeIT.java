package buoy.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * {@code process.real-time} as the kernel sees it: one thread ahead of all others, memory locked;
 * and where it is refused, the status says so with the remedy.
 */
@BesideOthers
@Needs(
        value = {"setpriv", "prlimit"},
        buoy = true)
class RealTimeIT {
    private static final String YAML =
            """
            vrrp:
              web: {interface: eth0, router-id: 51, advertise: 100ms, addresses: [198.51.100.100/24]}
            """;

    /** Of {@code /proc/PID/task/TID/stat}, after the name: state is the first (proc(5)). */
    private static final int POLICY = 38;

    private static final String SCHED_RR = "2";

    @Test
    void oneThreadIsAheadAndMemoryIsLocked() throws IOException {
        try (Lan lan = Lan.open("real-time")) {
            BuoyDaemon buoy = BuoyDaemon.start(lan.host("lb1", "198.51.100.1/24"), YAML);
            assertThat(status(buoy))
                    .contains("Real-time: the VRRP thread: SCHED_RR; memory: locked on fault");
            assertThat(inRealTime(buoy)).containsExactly("vrrp");
            assertThat(lockedKib(buoy)).isPositive();
        }
    }

    @Test
    void whatIsRefusedIsSaidWithItsRemedy() throws IOException {
        try (Lan lan = Lan.open("no-real-time")) {
            BuoyDaemon buoy =
                    BuoyDaemon.start(
                            lan.host("lb1", "198.51.100.1/24"),
                            YAML,
                            List.of(
                                    "prlimit",
                                    "--memlock=8388608",
                                    "--rtprio=0",
                                    "setpriv",
                                    "--bounding-set=-sys_nice,-ipc_lock,-sys_resource"));
            assertThat(status(buoy))
                    .contains(
                            "DEGRADED process.real-time: the VRRP thread is scheduled as any other: sched_setscheduler(SCHED_RR) failed: EPERM (grant CAP_SYS_NICE or raise LimitRTPRIO=)",
                            "memory may be paged out: mlockall(all memory, on fault) failed: EPERM, locked memory is limited (grant CAP_IPC_LOCK or raise LimitMEMLOCK=)");
            assertThat(inRealTime(buoy)).isEmpty();
            assertThat(lockedKib(buoy)).isZero();
        }
    }

    private static String status(BuoyDaemon buoy) {
        return buoy.command("status").orFail();
    }

    private static List<String> inRealTime(BuoyDaemon buoy) throws IOException {
        List<String> names = new ArrayList<>();
        try (Stream<Path> tasks = Files.list(proc(buoy).resolve("task"))) {
            for (Path task : tasks.toList()) {
                String stat = Files.readString(task.resolve("stat"));
                List<String> fields =
                        List.of(stat.substring(stat.lastIndexOf(')') + 2).strip().split(" ", -1));
                if (fields.get(POLICY).equals(SCHED_RR)) {
                    names.add(Files.readString(task.resolve("comm")).strip());
                }
            }
        }
        return names;
    }

    private static long lockedKib(BuoyDaemon buoy) throws IOException {
        return Files.readAllLines(proc(buoy).resolve("status")).stream()
                .filter(line -> line.startsWith("VmLck:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D+", "")))
                .sum();
    }

    private static Path proc(BuoyDaemon buoy) {
        return Path.of("/proc", Long.toString(buoy.process().pid()));
    }
}
