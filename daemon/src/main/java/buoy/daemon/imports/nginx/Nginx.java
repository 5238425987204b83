package buoy.daemon.imports.nginx;

import buoy.config.Text;
import buoy.daemon.imports.draft.Draft;
import buoy.daemon.imports.draft.Endpoints;
import buoy.daemon.imports.draft.Mark;
import buoy.daemon.imports.draft.Networks;
import buoy.daemon.imports.draft.Node;
import buoy.daemon.imports.draft.Remarks;
import buoy.daemon.imports.draft.Surroundings;
import buoy.daemon.imports.draft.Unparsable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** The way in: the text of an nginx.conf, or of a file that it includes, into a draft. */
public final class Nginx {
    /** What stands in {@code http}, and so tells that a file is included there. */
    private static final Set<String> WITHIN_HTTP = Set.of("server", "upstream", "map");

    private final Context context;

    private Nginx(Context context) {
        this.context = context;
    }

    /**
     * Adds to the draft what a file says, and what it includes.
     *
     * @param file as it is to be named in remarks
     * @throws Unparsable where it, or a file that it includes, is no configuration of NGINX
     */
    public static void translate(
            String file, String text, Draft draft, Remarks remarks, Surroundings surroundings)
            throws Unparsable {
        Context context = new Context(draft, remarks, surroundings, Context.directory(file));
        List<Directive> all = new Includes(context).expanded(NginxFile.parse(file, text), 0);
        Known.say(all, remarks);
        new Nginx(context).main(Scope.of(new Mark(file, 1), all));
    }

    private void main(Scope main) {
        boolean part = main.own().stream().anyMatch(each -> WITHIN_HTTP.contains(each.name()));
        process(main);
        List<Directive> blocks = new ArrayList<>(main.own("http"));
        for (Directive block : blocks) {
            // What is inherited is inherited from http: nothing of the file's own level is.
            Scope http = Scope.of(block.at(), block.block());
            resolver(http);
            Listeners.make(context, http);
        }
        if (part) {
            resolver(main);
            Listeners.make(context, main);
        }
        for (Directive block : main.own("stream")) {
            Scope stream = Scope.of(block.at(), block.block());
            resolver(stream);
            Streams.make(context, stream);
        }
    }

    private void process(Scope main) {
        Node.Mapping process = context.draft().section("process");
        main.get("worker_processes")
                .filter(line -> Pattern.matches("[1-9][0-9]{0,2}", line.arg(0)))
                .ifPresent(line -> process.word("workers", line.at(), line.arg(0)));
        main.get("worker_shutdown_timeout")
                .ifPresent(
                        line ->
                                Values.written(line.arg(0))
                                        .ifPresent(time -> process.word("drain", line.at(), time)));
    }

    private void resolver(Scope scope) {
        Node.Mapping process = context.draft().section("process");
        for (Directive line : scope.own("resolver")) {
            Node.Items servers = new Node.Items(line.at());
            for (String arg : line.args()) {
                if (arg.contains("=")) {
                    continue;
                }
                Optional<String> place =
                        Endpoints.server(arg, 53)
                                .filter(
                                        each ->
                                                Networks.address(
                                                                each.replaceAll(":[0-9]+$", "")
                                                                        .replaceAll(
                                                                                "^\\[(.*)]$", "$1"))
                                                        .isPresent());
                place.ifPresentOrElse(
                        each -> servers.add(Node.text(line.at(), each)),
                        () ->
                                context.remarks()
                                        .left(
                                                line.at(),
                                                "%s is no address of a name server"
                                                        .formatted(Text.shown(arg)),
                                                "write process: {name-servers: [...]}"));
            }
            if (!servers.nodes().isEmpty() && !process.has("name-servers")) {
                process.put("name-servers", servers);
            }
        }
    }
}
