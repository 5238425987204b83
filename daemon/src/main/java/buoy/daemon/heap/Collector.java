package buoy.daemon.heap;

import buoy.linux.OwnCommand;
import java.io.IOException;
import java.util.List;

/** What is asked of the garbage collector. */
interface Collector {
    /** The bytes that all threads have allocated since the process began. */
    long allocated();

    /** The bytes that the heap may have at most. */
    long most();

    /** Makes eden this large, now. If more than that is in it, the next allocation collects. */
    void resizeEden(long bytes);

    /**
     * Collects what is young, now, and gives back to the kernel what eden has no use for. What is
     * old is left, as long as it fits where it is: with many sessions or servers that would stop
     * every thread for too long.
     */
    void collectYoung();

    /** One that is left alone: a JVM's, or one whose size the operator gave. */
    record LeftAlone() implements Collector {
        @Override
        public long allocated() {
            return 0;
        }

        @Override
        public long most() {
            return Long.MAX_VALUE;
        }

        @Override
        public void resizeEden(long bytes) {}

        @Override
        public void collectYoung() {}
    }

    static Collector ofThisProcess() {
        try {
            return "runtime".equals(System.getProperty("org.graalvm.nativeimage.imagecode"))
                            && !isSized(OwnCommand.words())
                    ? new SubstrateCollector()
                    : new LeftAlone();
        } catch (IOException _) {
            // Not known whether the operator gave one; as it was built is never wrong.
            return new LeftAlone();
        }
    }

    /** Whether the operator gave a size, in the words by which the process was started. */
    static boolean isSized(List<String> command) {
        return command.stream()
                .anyMatch(word -> word.startsWith("-XX:MaxNewSize=") || word.startsWith("-Xmn"));
    }
}
