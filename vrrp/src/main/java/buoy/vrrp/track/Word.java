package buoy.vrrp.track;

import java.util.Optional;

/**
 * A fact on its way to another process, whose subject is known by its words alone.
 *
 * @param subject as {@link Subject#inWords}
 * @param number of servers, or that in a file
 * @param trouble as {@link Fact.Trouble#why}
 */
public record Word(String subject, Optional<Integer> number, Optional<String> trouble) {
    static Word of(Fact fact) {
        String subject = fact.subject().inWords();
        return switch (fact) {
            case Fact.ServersUp(_, int count) ->
                    new Word(subject, Optional.of(count), Optional.empty());
            case Fact.NumberRead(_, int value) ->
                    new Word(subject, Optional.of(value), Optional.empty());
            case Fact.Trouble(_, var why) -> new Word(subject, Optional.empty(), Optional.of(why));
            case Fact.Good _, Fact.Unknown _ ->
                    new Word(subject, Optional.empty(), Optional.empty());
        };
    }

    /** What it says of this subject; empty if it is of another one. */
    public Optional<Fact> on(Subject of) {
        if (!of.inWords().equals(subject)) {
            return Optional.empty();
        }
        if (trouble.isPresent()) {
            return Optional.of(new Fact.Trouble(of, trouble.get()));
        }
        return switch (of) {
            case Subject.Pool pool -> number.map(count -> new Fact.ServersUp(pool, count));
            case Subject.File file -> number.map(value -> new Fact.NumberRead(file, value));
            case Subject.Workers _,
                    Subject.Listener _,
                    Subject.Interface _,
                    Subject.Script _,
                    Subject.ProcessName _ ->
                    Optional.of(new Fact.Good(of));
        };
    }
}
