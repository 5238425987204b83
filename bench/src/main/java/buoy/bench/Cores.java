package buoy.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Who runs where: the proxies on one core, which the one under load has for itself, load and origin
 * on the others.
 *
 * @param allowed the cores this process may use, ascending
 */
record Cores(List<Integer> allowed) {
    Cores {
        allowed = List.copyOf(allowed);
    }

    /** Reads a list as {@code Cpus_allowed_list} of /proc/PID/status has it: {@code 0-3,6}. */
    static Cores of(String list) {
        List<Integer> cores = new ArrayList<>();
        for (String range : list.strip().split(",", -1)) {
            String[] ends = range.split("-", -1);
            int last = Integer.parseInt(ends[ends.length - 1]);
            for (int core = Integer.parseInt(ends[0]); core <= last; core++) {
                cores.add(core);
            }
        }
        return new Cores(cores);
    }

    static Cores ofThisProcess() {
        return of(Proc.statusValue(ProcessHandle.current().pid(), "Cpus_allowed_list"));
    }

    String proxy() {
        return allowed.getFirst().toString();
    }

    String rest() {
        return allowed.stream().skip(1).map(Object::toString).collect(Collectors.joining(","));
    }

    /** With one core there is nothing to keep apart. */
    boolean areSeparate() {
        return allowed.size() > 1;
    }

    List<String> onProxyCore(List<String> command) {
        return pinned(proxy(), command);
    }

    List<String> onOtherCores(List<String> command) {
        return pinned(areSeparate() ? rest() : proxy(), command);
    }

    private static List<String> pinned(String cores, List<String> command) {
        List<String> pinned = new ArrayList<>(List.of("taskset", "-c", cores));
        pinned.addAll(command);
        return pinned;
    }
}
