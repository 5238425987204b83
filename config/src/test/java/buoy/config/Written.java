package buoy.config;

import buoy.config.model.Config;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Reads what a test writes, as if it stood in {@code buoy.yaml} on the host lb1. */
final class Written {
    private Written() {}

    static Reading read(String yaml) {
        return read(yaml.getBytes(StandardCharsets.UTF_8));
    }

    static Reading read(byte[] yaml) {
        Problems problems = new Problems();
        return ConfigFile.judge(Document.parse("buoy.yaml", yaml, problems), "lb1", problems);
    }

    /** What is accepted; anything else is a failure that shows the problems. */
    static Config accepted(String yaml) {
        return switch (read(yaml)) {
            case Reading.Accepted(Config config, _, _) -> config;
            case Reading.Rejected(List<Problem> problems) ->
                    throw new AssertionError(problems.toString());
        };
    }

    /** Problems as lines; none where it was accepted. */
    static List<String> problems(Reading reading) {
        return switch (reading) {
            case Reading.Accepted _ -> List.of();
            case Reading.Rejected(List<Problem> problems) ->
                    problems.stream().map(Problem::toString).toList();
        };
    }
}
