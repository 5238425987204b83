package buoy.linux;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Two network namespaces joined by a wire ({@code eth0} in each), made for one test and removed
 * with it. Needs root; a test is skipped without.
 */
final class Wire implements AutoCloseable {
    private static final AtomicInteger COUNT = new AtomicInteger();

    final End left;
    final End right;

    private Wire(End left, End right) {
        this.left = left;
        this.right = right;
    }

    /** Lays the wire: {@code 198.51.100.1/24} and {@code fe80::1} left, the same with 2 right. */
    static Wire lay() throws Exception {
        var kernel = Kernel.load();
        assumeTrue(kernel.isRoot(), "network namespaces need root");
        var prefix = "bl" + kernel.processId() + "-" + COUNT.incrementAndGet();
        var wire = new Wire(new End(kernel, prefix + "a", 1), new End(kernel, prefix + "b", 2));
        try {
            shell("ip", "netns", "add", wire.left.namespace);
            shell("ip", "netns", "add", wire.right.namespace);
            wire.join("eth0");
            for (var end : List.of(wire.left, wire.right)) {
                end.run("ip", "addr", "add", "198.51.100." + end.number + "/24", "dev", "eth0");
                end.run("ip", "addr", "add", "fe80::" + end.number + "/64", "dev", "eth0", "nodad");
            }
            return wire;
        } catch (Exception | Error failure) {
            wire.close();
            throw failure;
        }
    }

    /**
     * One more wire between the two, with interfaces of this name; both carry once this returns.
     */
    void join(String name) throws Exception {
        left.run("ip", "link", "add", name, "type", "veth", "peer", name, "netns", right.namespace);
        for (var end : List.of(left, right)) {
            end.run("ip", "link", "set", name, "addrgenmode", "none");
            end.run("ip", "link", "set", name, "up");
        }
        for (var end : List.of(left, right)) {
            Eventually.get(
                    () -> end.run("cat", "/sys/class/net/" + name + "/operstate").strip(),
                    "up"::equals);
        }
    }

    @Override
    public void close() throws IOException {
        for (var end : List.of(left, right)) {
            end.thread.shutdown();
            end.awaitEnd(); // a thread that lives on would keep its namespace
            shell("ip", "netns", "delete", end.namespace);
        }
    }

    /** One end: a namespace, and the one thread that works in it. */
    static final class End {
        final Kernel kernel;
        final String namespace;
        final int number;
        private final ExecutorService thread;
        private boolean entered;

        private End(Kernel kernel, String namespace, int number) {
            this.kernel = kernel;
            this.namespace = namespace;
            this.number = number;
            this.thread =
                    Executors.newSingleThreadExecutor(
                            Thread.ofPlatform().name(namespace).factory());
        }

        /** Does this inside the namespace. */
        <T> T in(Callable<T> action) throws Exception {
            try {
                return thread.submit(
                                () -> {
                                    if (!entered) {
                                        NetworkNamespace.enter(kernel, namespace);
                                        entered = true;
                                    }
                                    return action.call();
                                })
                        .get(60, TimeUnit.SECONDS);
            } catch (ExecutionException failure) {
                if (failure.getCause() instanceof Exception cause) {
                    throw cause;
                }
                throw failure;
            }
        }

        private void awaitEnd() {
            try {
                if (!thread.awaitTermination(10, TimeUnit.SECONDS)) {
                    throw new IllegalStateException("the thread in " + namespace + " does not end");
                }
            } catch (InterruptedException interruption) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(interruption);
            }
        }

        /** The index of an interface. */
        int index(String name) throws Exception {
            return Integer.parseInt(run("cat", "/sys/class/net/" + name + "/ifindex").strip());
        }

        /** Runs a command inside the namespace and returns what it printed. */
        String run(String... argv) throws IOException {
            return shell(inside(argv).toArray(String[]::new));
        }

        Process start(String... argv) throws IOException {
            return new ProcessBuilder(inside(argv)).start();
        }

        private List<String> inside(String... argv) {
            var whole = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
            whole.addAll(Arrays.asList(argv));
            return whole;
        }
    }

    private static String shell(String... argv) throws IOException {
        var process = new ProcessBuilder(argv).redirectErrorStream(true).start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        // It closed its output, so it is at its end.
        if (process.onExit().join().exitValue() != 0) {
            throw new IOException(String.join(" ", argv) + ": " + output);
        }
        return output;
    }
}
