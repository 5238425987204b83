package buoy.daemon.heap;

import com.oracle.svm.core.annotate.Alias;
import com.oracle.svm.core.annotate.TargetClass;
import org.graalvm.word.UnsignedWord;
import org.graalvm.word.WordFactory;
import org.jspecify.annotations.Nullable;

/**
 * The serial collector of GraalVM's native images. It has no option for this: its limits cannot be
 * changed while it runs, and below them its policy aims at collections that cost a twentieth of all
 * time, which takes away from eden under any load that we care for. Therefore eden is set in the
 * policy itself, which takes what it finds there as its own last decision. Nested here is what we
 * use of the collector, by the names that it has there: an image cannot be built where it has
 * others.
 */
final class SubstrateCollector implements Collector {
    /** A chunk of memory: as much as one thread's new objects take at least. */
    private static final long LITTLE = 512 << 10;

    /** More than a thread has in store for its objects, so that the policy is asked. */
    private static final int MUCH = 1 << 20;

    /** Somebody might look at it, so that the allocation is not optimized away. */
    private static volatile byte @Nullable [] allocation;

    @Override
    public long allocated() {
        // A collection moves what is in eden from one count to the other.
        long eden;
        long collected;
        do {
            collected = collected();
            eden = Heap.getAccounting().getEdenUsedBytes().rawValue();
        } while (collected != collected());
        return collected + eden;
    }

    /** What was allocated before the last collection. */
    private static long collected() {
        return Collections.getAccounting().getTotalAllocatedChunkBytes().rawValue();
    }

    @Override
    public long most() {
        return Runtime.getRuntime().maxMemory();
    }

    @Override
    public void resizeEden(long bytes) {
        policy().edenSize = WordFactory.unsigned(bytes);
    }

    /** There is no call for that: but an eden that is too small, and then an allocation. */
    @Override
    public void collectYoung() {
        SizePolicy policy = policy();
        UnsignedWord eden = policy.edenSize;
        policy.edenSize = WordFactory.unsigned(LITTLE);
        // Or it may think that it is time for the old ones too.
        ((FullPolicy) (Object) Collections.getPolicy()).minorCountSinceMajorCollection = 0;
        try {
            allocation = new byte[MUCH];
            allocation = null;
        } finally {
            policy.edenSize = eden;
        }
    }

    private static SizePolicy policy() {
        return (SizePolicy) (Object) Collections.getPolicy();
    }

    @TargetClass(className = "com.oracle.svm.core.genscavenge.GCImpl")
    private static final class Collections {
        @Alias
        static native CollectionCounts getAccounting();

        @Alias
        static native Policy getPolicy();
    }

    @TargetClass(className = "com.oracle.svm.core.genscavenge.GCAccounting")
    private static final class CollectionCounts {
        @Alias
        native UnsignedWord getTotalAllocatedChunkBytes();
    }

    @TargetClass(className = "com.oracle.svm.core.genscavenge.HeapImpl")
    private static final class Heap {
        @Alias
        static native HeapCounts getAccounting();
    }

    @TargetClass(className = "com.oracle.svm.core.genscavenge.HeapAccounting")
    private static final class HeapCounts {
        @Alias
        native UnsignedWord getEdenUsedBytes();
    }

    @TargetClass(className = "com.oracle.svm.core.genscavenge.CollectionPolicy")
    private interface Policy {}

    @TargetClass(className = "com.oracle.svm.core.genscavenge.AbstractCollectionPolicy")
    private static final class SizePolicy {
        @Alias
        @SuppressWarnings("NullAway.Init")
        UnsignedWord edenSize;
    }

    @TargetClass(className = "com.oracle.svm.core.genscavenge.AdaptiveCollectionPolicy")
    private static final class FullPolicy {
        @Alias int minorCountSinceMajorCollection;
    }
}
