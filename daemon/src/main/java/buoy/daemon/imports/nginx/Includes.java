package buoy.daemon.imports.nginx;

import buoy.config.Text;
import buoy.daemon.imports.draft.Mark;
import buoy.daemon.imports.draft.Unparsable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Puts what other files say in the place of {@code include}. */
final class Includes {
    private static final int DEEPEST = 10;
    private static final int MOST_FILES = 1000;
    private static final int MOST_CHARACTERS = 16 << 20;

    /** Files that NGINX brings along, of which nothing has a meaning here. */
    private static final Pattern ITS_OWN =
            Pattern.compile(
                    "(.*/)?(mime\\.types|fastcgi\\.conf|fastcgi_params|uwsgi_params|scgi_params|koi-utf|koi-win|win-utf|fastcgi-php\\.conf)");

    private final Context context;
    private int files;
    private int characters;

    Includes(Context context) {
        this.context = context;
    }

    List<Directive> expanded(List<Directive> directives, int depth) throws Unparsable {
        List<Directive> all = new ArrayList<>();
        for (Directive each : directives) {
            if (each.is("include") && each.args().size() == 1) {
                all.addAll(included(each.at(), each.arg(0), depth + 1));
            } else if (each.block().isEmpty()) {
                all.add(each);
            } else {
                all.add(
                        new Directive(
                                each.at(),
                                each.column(),
                                each.name(),
                                each.args(),
                                expanded(each.block(), depth)));
            }
        }
        return all;
    }

    private List<Directive> included(Mark at, String name, int depth) throws Unparsable {
        if (ITS_OWN.matcher(name).matches()) {
            return List.of();
        }
        String path = context.readable(name);
        boolean pattern = Pattern.matches(".*[*?\\[].*", path);
        List<String> found = pattern ? context.surroundings().matching(path) : List.of(path);
        if (pattern && found.isEmpty()) {
            context.remarks()
                    .note(
                            at,
                            "%s is no file here (import on the host that has them)"
                                    .formatted(Text.shown(path)));
        }
        List<Directive> all = new ArrayList<>();
        for (String file : found) {
            Optional<String> text = context.surroundings().read(file);
            characters += text.map(String::length).orElse(0);
            if (depth > DEEPEST || ++files > MOST_FILES || characters > MOST_CHARACTERS) {
                throw new Unparsable(
                        at.file(),
                        at.line(),
                        1,
                        "includes more than %d files, 16 MiB or %d levels"
                                .formatted(MOST_FILES, DEEPEST));
            }
            if (text.isEmpty()) {
                context.remarks()
                        .left(
                                at,
                                "%s cannot be read here".formatted(Text.shown(file)),
                                "import on the host that has it, or put its lines in the place of include");
                continue;
            }
            all.addAll(expanded(NginxFile.parse(file, text.get()), depth));
        }
        return all;
    }
}
