package buoy.vrrp.track;

import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Everything known, the latest word on each subject. Immutable. */
public final class Facts {
    public static final Facts NONE = new Facts(Map.of());

    private final Map<Subject, Fact> latest;

    private Facts(Map<Subject, Fact> latest) {
        this.latest = Map.copyOf(latest);
    }

    /** With one more; the same object if that is known already. */
    public Facts with(Fact fact) {
        boolean known =
                fact instanceof Fact.Unknown
                        ? !latest.containsKey(fact.subject())
                        : fact.equals(latest.get(fact.subject()));
        if (known) {
            return this;
        }
        Map<Subject, Fact> more = new HashMap<>(latest);
        if (fact instanceof Fact.Unknown) {
            more.remove(fact.subject());
        } else {
            more.put(fact.subject(), fact);
        }
        return new Facts(more);
    }

    /** Whether there is any word on it. */
    public boolean know(Subject subject) {
        return latest.containsKey(subject);
    }

    /** One fact for each subject known. */
    public Collection<Fact> all() {
        return latest.values();
    }

    /** The same for another process. */
    public List<Word> inWords() {
        return latest.values().stream().map(Word::of).toList();
    }

    OptionalInt serversUp(String pool) {
        return latest.get(new Subject.Pool(pool)) instanceof Fact.ServersUp(var _, int count)
                ? OptionalInt.of(count)
                : OptionalInt.empty();
    }

    int numberIn(Path file) {
        return latest.get(new Subject.File(file)) instanceof Fact.NumberRead(var _, int value)
                ? value
                : 0;
    }

    Optional<String> troubleWith(Subject subject) {
        return latest.get(subject) instanceof Fact.Trouble(var _, var why)
                ? Optional.of(why)
                : Optional.empty();
    }
}
