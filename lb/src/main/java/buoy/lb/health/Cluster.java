package buoy.lb.health;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the servers of one pool say of themselves, held against each other. Pure.
 *
 * <p>A server alone cannot know that it is a former primary: cut off, it goes on as one. Beside the
 * others it shows, because every promotion raises the timeline. What a server said last counts even
 * when it is silent now; who removes it from the pool says that it does not count any more.
 */
record Cluster(List<Member> members) {
    Cluster {
        members = List.copyOf(members);
    }

    /**
     * One server with its last report.
     *
     * @param leads whether it counts as up as the primary now
     * @param silent whether it said nothing of itself since
     * @param since when it first said the role it has, in turns of the pool's checks
     * @param last when it said so last
     */
    record Member(
            String name, Report report, boolean leads, boolean silent, long since, long last) {
        /** Whether both said so at one time: in a switch-over one says it last before the other. */
        boolean overlaps(Member other) {
            return last > other.since && other.last > since;
        }
    }

    /** Why what the server says of itself is not believed; empty if it is, or said nothing. */
    Optional<String> disbelief(String name) {
        Optional<Member> said = members.stream().filter(m -> m.name().equals(name)).findFirst();
        return said.flatMap(member -> isForeign(member) ? foreign(member) : former(member));
    }

    private Optional<String> foreign(Member member) {
        return Optional.of(
                "of another cluster: its system identifier is %s, not %s"
                        .formatted(member.report().system(), system()));
    }

    private Optional<String> former(Member member) {
        int timeline = member.report().timeline();
        if (!member.report().isPrimary()) {
            return Optional.empty();
        }
        for (Member other : own()) {
            if (timeline > 0 && other.report().timeline() > timeline) {
                return Optional.of(
                        "a former primary: its timeline is %d, that of %s is %d"
                                .formatted(timeline, other.name(), other.report().timeline()));
            }
        }
        return leader().filter(leader -> !leader.equals(member))
                .map(leader -> leader.name() + " says that it is primary too");
    }

    /**
     * Of those that say they are primary and are not known to be a former one: the one that leads
     * already, else the first.
     */
    private Optional<Member> leader() {
        List<Member> claims =
                claims().stream()
                        .filter(
                                m ->
                                        m.report().timeline() == 0
                                                || m.report().timeline() >= newest())
                        .toList();
        return claims.stream()
                .filter(Member::leads)
                .findFirst()
                .or(() -> claims.stream().findFirst());
    }

    private List<Member> claims() {
        return own().stream().filter(m -> m.report().isPrimary() && !m.silent()).toList();
    }

    /** What an operator has to know at once, one sentence each. */
    List<String> troubles() {
        List<String> troubles = new ArrayList<>();
        List<String> rivals =
                claims().stream()
                        .filter(m -> claims().stream().anyMatch(o -> !o.equals(m) && o.overlaps(m)))
                        .map(Cluster::withTimeline)
                        .toList();
        if (!rivals.isEmpty()) {
            troubles.add("several servers say that they are primary: " + String.join(", ", rivals));
        }
        for (Member member : members) {
            if (isForeign(member)) {
                troubles.add(member.name() + " is " + foreign(member).orElseThrow());
            }
        }
        return troubles;
    }

    private static String withTimeline(Member member) {
        return "%s (timeline %d)".formatted(member.name(), member.report().timeline());
    }

    /** The farthest position in the write-ahead log on the newest timeline; 0 if none is known. */
    long newestPosition() {
        int newest = newest();
        return own().stream()
                .map(Member::report)
                .filter(report -> report.timeline() == newest)
                .mapToLong(Report::written)
                .max()
                .orElse(0);
    }

    private int newest() {
        return own().stream().mapToInt(m -> m.report().timeline()).max().orElse(0);
    }

    private List<Member> own() {
        return members.stream().filter(m -> !isForeign(m)).toList();
    }

    private boolean isForeign(Member member) {
        String its = member.report().system();
        return !its.isEmpty() && !its.equals(system());
    }

    /** The database system that most of them belong to; of equals the one listed first. */
    private String system() {
        Map<String, Integer> counts = new HashMap<>();
        String most = "";
        for (Member member : members) {
            String its = member.report().system();
            if (!its.isEmpty()) {
                counts.merge(its, 1, Integer::sum);
            }
        }
        for (Member member : members) {
            String its = member.report().system();
            if (counts.getOrDefault(its, 0) > counts.getOrDefault(most, 0)) {
                most = its;
            }
        }
        return most;
    }
}
