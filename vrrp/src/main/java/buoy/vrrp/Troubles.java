package buoy.vrrp;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** What the kernel refuses one router at present: said when it begins and when it ends. */
final class Troubles {
    /** Something the kernel may refuse. */
    @FunctionalInterface
    interface Attempt {
        void run() throws KernelRefused;
    }

    private final Supplier<String> router;
    private final VrrpObserver observer;
    private final Map<String, String> present = new LinkedHashMap<>();

    Troubles(Supplier<String> router, VrrpObserver observer) {
        this.router = router;
        this.observer = observer;
    }

    /**
     * Tries it.
     *
     * @param what in words, the same each time it is tried
     * @return whether it worked
     */
    boolean attempt(String what, Attempt attempt) {
        try {
            attempt.run();
        } catch (KernelRefused refusal) {
            began(what, refusal);
            return false;
        }
        ended(what);
        return true;
    }

    void began(String what, KernelRefused refusal) {
        if (present.put(what, String.valueOf(refusal.getMessage())) == null) {
            observer.on(new VrrpEvent.Refused(router.get(), what, refusal));
        }
    }

    void ended(String what) {
        if (!present.isEmpty() && present.remove(what) != null) {
            observer.on(new VrrpEvent.Recovered(router.get(), what));
        }
    }

    /** Nobody wants it any more, so it neither fails nor works. */
    void forget(String what) {
        present.remove(what);
    }

    boolean has(String what) {
        return present.containsKey(what);
    }

    String reason(String what) {
        return present.getOrDefault(what, what);
    }

    List<String> inWords() {
        return List.copyOf(present.values());
    }
}
