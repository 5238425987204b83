package buoy.daemon.page;

import buoy.daemon.page.Action.On;
import java.util.Optional;

/** What a browser without script is shown when a button of the page was pressed. */
public final class AnswerPage {
    private AnswerPage() {}

    /** Asks before it is done; empty where there is nothing to ask. */
    public static Optional<String> ask(On on, String token) {
        return on.action().question(on.name()).map(question -> ask(on, question, token));
    }

    private static String ask(On on, String question, String token) {
        Html out = begin(on.action().label(on.name()));
        out.in("p", question);
        out.raw("<form method=\"post\" action=\"").text(on.action().path(on.name())).raw("\">");
        out.raw("<input type=\"hidden\" name=\"token\" value=\"").text(token).raw("\">");
        out.raw("<input type=\"hidden\" name=\"sure\" value=\"yes\">");
        if (on.action() == Action.WEIGHT) {
            out.raw("<label>Weight <input name=\"weight\" type=\"number\" min=\"0\" max=\"256\"");
            out.raw(" required autofocus></label> ");
        }
        out.raw("<button>").text(on.action().label()).raw("</button> <a href=\"/\">Cancel</a>");
        return end(out.raw("</form>"));
    }

    /** Says what came of it. */
    public static String told(boolean done, String said) {
        Html out = begin(done ? "Done" : "Not done");
        out.raw("<p role=\"status\">").text(said).raw("</p>");
        return end(out.raw("<p><a href=\"/\">Back to the page</a></p>"));
    }

    private static Html begin(String title) {
        Html out = new Html();
        Page.head(out, title);
        return out.raw("<main class=\"answer\">").in("h1", title);
    }

    private static String end(Html out) {
        return out.raw("</main>\n</body>\n</html>\n").toString();
    }
}
