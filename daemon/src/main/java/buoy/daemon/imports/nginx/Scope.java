package buoy.daemon.imports.nginx;

import buoy.daemon.imports.draft.Mark;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A block and those around it. A directive holds in a block that does not have it itself as it does
 * in the next one around that has it.
 */
record Scope(Place place, List<Directive> own, Optional<Scope> outer) {
    /** Where a block begins: no two do at the same place. */
    record Place(Mark at, int column) {}

    static Scope of(Mark at, List<Directive> own) {
        return new Scope(new Place(at, 0), own, Optional.empty());
    }

    Scope inner(Directive block) {
        return new Scope(new Place(block.at(), block.column()), block.block(), Optional.of(this));
    }

    Mark at() {
        return place.at();
    }

    List<Directive> own(String name) {
        return own.stream().filter(each -> each.is(name)).toList();
    }

    /** Those of these names in the innermost block that has any. */
    List<Directive> nearest(Set<String> names) {
        List<Directive> found = own.stream().filter(each -> names.contains(each.name())).toList();
        return found.isEmpty() && outer.isPresent() ? outer.get().nearest(names) : found;
    }

    List<Directive> nearest(String name) {
        return nearest(Set.of(name));
    }

    Optional<Directive> get(String name) {
        return nearest(name).stream().findFirst();
    }

    /** The first argument where it holds. */
    Optional<String> value(String name) {
        return get(name).map(each -> each.arg(0));
    }

    boolean isOn(String name) {
        return value(name).filter("on"::equals).isPresent();
    }

    /** The outermost block. */
    Scope top() {
        return outer.map(Scope::top).orElse(this);
    }

    /** What {@code set} gives a variable for good; empty where it depends on a request. */
    Optional<String> constant(String variable) {
        return own("set").stream()
                .filter(each -> each.arg(0).equals("$" + variable))
                .map(each -> each.arg(1))
                .reduce((_, last) -> last)
                .or(() -> outer.flatMap(scope -> scope.constant(variable)));
    }
}
