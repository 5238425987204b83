package buoy.vrrp;

import buoy.vrrp.History.Member;
import buoy.vrrp.History.Moment;
import buoy.vrrp.History.Tracks;
import buoy.vrrp.History.Weather;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Takes away from a history whatever it does not need to fail. */
final class Shrinking {
    private Shrinking() {}

    /** A history that fails still, and of which nothing more can be taken. */
    static History smallest(History failing, Predicate<History> fails) {
        History smallest = failing;
        for (boolean again = true; again; ) {
            again = false;
            for (History smaller : smaller(smallest).toList()) {
                if (fails.test(smaller)) {
                    smallest = smaller;
                    again = true;
                    break;
                }
            }
        }
        return smallest;
    }

    /** A little less each, what takes away most first. */
    private static Stream<History> smaller(History history) {
        return Stream.of(
                        halves(history),
                        withoutOneMoment(history),
                        withoutOneMember(history),
                        plainer(history),
                        sooner(history))
                .flatMap(some -> some)
                .filter(smaller -> !smaller.equals(history));
    }

    private static Stream<History> halves(History history) {
        List<Moment> moments = history.moments();
        int half = moments.size() / 2;
        return half == 0
                ? Stream.empty()
                : Stream.of(moments.subList(0, half), moments.subList(half, moments.size()))
                        .map(some -> history.with(history.members(), some));
    }

    private static Stream<History> withoutOneMoment(History history) {
        List<History> all = new ArrayList<>();
        for (int i = 0; i < history.moments().size(); i++) {
            List<Moment> moments = new ArrayList<>(history.moments());
            Duration before = moments.remove(i).after();
            all.add(history.with(history.members(), moments));
            if (i < moments.size()) {
                // At the same time as it was, too.
                Moment next = moments.get(i);
                moments.set(i, new Moment(next.after().plus(before), next.happening()));
                all.add(history.with(history.members(), moments));
            }
        }
        return all.stream();
    }

    private static Stream<History> withoutOneMember(History history) {
        List<History> all = new ArrayList<>();
        for (int gone = 0;
                gone < history.members().size() && history.members().size() > 1;
                gone++) {
            List<Member> members = new ArrayList<>(history.members());
            members.remove(gone);
            List<Moment> moments = new ArrayList<>();
            for (Moment moment : history.moments()) {
                switch (moment.happening()) {
                    case Happening.To(int member, var what) -> {
                        if (member != gone) {
                            int index = member > gone ? member - 1 : member;
                            moments.add(new Moment(moment.after(), new Happening.To(index, what)));
                        }
                    }
                    case Happening.Heal _, Happening.Lose _, Happening.Stranger _ ->
                            moments.add(moment);
                }
            }
            all.add(history.with(members, moments));
        }
        return all.stream();
    }

    private static Stream<History> plainer(History history) {
        List<Member> exact = new ArrayList<>();
        List<Member> untracked = new ArrayList<>();
        for (Member it : history.members()) {
            exact.add(new Member(it.priority(), it.preempts(), it.interval(), it.tracks(), 0));
            untracked.add(
                    new Member(
                            it.priority(),
                            it.preempts(),
                            it.interval(),
                            Tracks.NOTHING,
                            it.drift()));
        }
        Weather weather = history.weather();
        return Stream.of(
                history.with(exact, history.moments()),
                history.with(untracked, history.moments()),
                under(history, new Weather(weather.longestDelay(), 0), history.preemptDelay()),
                under(history, new Weather(Duration.ZERO, 0), history.preemptDelay()),
                under(history, weather, Duration.ZERO));
    }

    private static History under(History history, Weather weather, Duration preemptDelay) {
        return new History(
                history.seed(),
                history.version(),
                history.shape(),
                history.lifetime(),
                preemptDelay,
                weather,
                history.members(),
                history.moments());
    }

    /** Each pause gone, halved, or in whole milliseconds. */
    private static Stream<History> sooner(History history) {
        List<History> all = new ArrayList<>();
        for (int i = 0; i < history.moments().size(); i++) {
            Moment moment = history.moments().get(i);
            Duration after = moment.after();
            for (Duration less :
                    List.of(
                            Duration.ZERO,
                            after.dividedBy(2),
                            Duration.ofMillis(after.toMillis()))) {
                boolean halved = less.isZero() || less.compareTo(Duration.ofMillis(1)) > 0;
                if (halved && !less.equals(after)) {
                    List<Moment> moments = new ArrayList<>(history.moments());
                    moments.set(i, new Moment(less, moment.happening()));
                    all.add(history.with(history.members(), moments));
                }
            }
        }
        return all.stream();
    }
}
