package buoy.vrrp;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Listens to a {@link Story}, to tell it again. */
interface Telling {
    default void happens(long at, Happening happening) {}

    default void sends(long at, int member, int priority) {}

    default void becomes(long at, int member, RouterState state, String cause) {}

    default void ends(long at, String broken) {}

    /** Most stories are told to nobody. */
    record Nothing() implements Telling {}

    /** As a conversation that people can read: who said what when. */
    final class Conversation implements Telling {
        private final List<String> lines = new ArrayList<>();

        /** The advertisements that are only counted so far. */
        private String repeated = "";

        private int times;
        private long last;

        Conversation(History history) {
            lines.add(
                    "%s, %s, address lives %s, preempt-delay %s, delays up to %s, %d %% doubled"
                            .formatted(
                                    history.version(),
                                    history.shape(),
                                    history.lifetime(),
                                    history.preemptDelay(),
                                    history.weather().longestDelay(),
                                    Math.round(history.weather().doubling() * 100)));
            for (int i = 0; i < history.members().size(); i++) {
                History.Member member = history.members().get(i);
                lines.add(
                        "%s priority %d every %s, %s, pool: %s, clock %+d ppm"
                                .formatted(
                                        name(i),
                                        member.priority(),
                                        member.interval(),
                                        member.preempts() ? "preempts" : "does not preempt",
                                        member.tracks().toString().toLowerCase(Locale.ROOT),
                                        member.drift()));
            }
        }

        List<String> lines() {
            return lines;
        }

        private static String name(int member) {
            return "lb" + (member + 1);
        }

        private void line(long at, String text) {
            flush();
            lines.add(time(at) + "  " + text);
        }

        private void flush() {
            if (times > 1) {
                lines.add(
                        "%s  ... %d times until %s"
                                .formatted(" ".repeat(11), times, time(last).strip()));
            }
            times = 0;
            repeated = "";
        }

        private static String time(long nanos) {
            BigDecimal seconds = BigDecimal.valueOf(nanos, 9).setScale(6, RoundingMode.DOWN);
            return "%11s".formatted(seconds.toPlainString() + "s");
        }

        @Override
        public void happens(long at, Happening happening) {
            switch (happening) {
                case Happening.To(int member, var what) ->
                        line(at, "-- " + name(member) + ": " + what);
                case Happening.Heal _, Happening.Lose _, Happening.Stranger _ ->
                        line(at, "-- " + happening);
            }
        }

        @Override
        public void sends(long at, int member, int priority) {
            String said = name(member) + " sends " + priority;
            if (said.equals(repeated)) {
                times++;
                last = at;
                return;
            }
            line(at, said);
            repeated = said;
            times = 1;
        }

        @Override
        public void becomes(long at, int member, RouterState state, String cause) {
            line(at, name(member) + " is " + state + ": " + cause);
        }

        @Override
        public void ends(long at, String broken) {
            line(at, "!! " + broken);
        }
    }
}
