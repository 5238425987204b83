package buoy.lb.http.head;

import buoy.config.model.Deviation;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What is let through of a listener's clients, and how far. */
public final class Lenience {
    /** The standard is kept. */
    public static final Lenience NONE = of(Set.of(), List.of());

    private final Set<Deviation> deviations;
    private final List<byte[]> named;

    private Lenience(Set<Deviation> deviations, List<byte[]> named) {
        this.deviations = deviations;
        this.named = named;
    }

    /**
     * These deviations, and no others.
     *
     * @param named fields that the listener decides by or changes: no field that a server might
     *     take for one of them is let through
     */
    public static Lenience of(Set<Deviation> deviations, Collection<String> named) {
        return new Lenience(
                Set.copyOf(deviations),
                named.stream().map(name -> Octets.ascii(name.toLowerCase(Locale.ROOT))).toList());
    }

    boolean lets(Deviation deviation) {
        return deviations.contains(deviation);
    }

    /**
     * What a field name with underscores is. Servers that hand fields on as variables (RFC 3875
     * 4.1.18) take it for the one with hyphens: so one that means something here is never let
     * through.
     */
    Field underscored(byte[] bytes, int from, int to) {
        if (!lets(Deviation.UNDERSCORE_NAMES)) {
            return Field.UNDERSCORE;
        }
        byte[] hyphens = new byte[to - from];
        int hash = 0;
        for (int i = from; i < to; i++) {
            byte lower = bytes[i] == '_' ? (byte) '-' : Octets.token(bytes[i]);
            hyphens[i - from] = lower;
            hash = Field.hash(hash, lower);
        }
        boolean means =
                Field.of(hyphens, 0, hyphens.length, hash) != Field.OTHER
                        || named.stream().anyMatch(name -> isSame(name, hyphens));
        return means ? Field.UNDERSCORE : Field.UNDERSCORE_KEPT;
    }

    private static boolean isSame(byte[] name, byte[] hyphens) {
        if (name.length != hyphens.length) {
            return false;
        }
        for (int i = 0; i < name.length; i++) {
            if ((name[i] == '_' ? '-' : name[i]) != hyphens[i]) {
                return false;
            }
        }
        return true;
    }
}
