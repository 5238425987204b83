package buoy.daemon.page;

import buoy.daemon.status.Verdict;
import buoy.daemon.status.Words;

/** HTML under construction: our own markup by {@link #raw}, all else by what escapes it. */
final class Html {
    /** What more there is to say is in the log, or in the answers for machines. */
    static final int LONGEST_WORDS = 400;

    private final StringBuilder out = new StringBuilder(1024);

    Html raw(String markup) {
        out.append(markup);
        return this;
    }

    /** Anything that is not our own markup: peers' and operators' words among it. */
    Html text(String content) {
        for (int i = 0; i < content.length(); i++) {
            char c = content.charAt(i);
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                default -> out.append(c);
            }
        }
        return this;
    }

    /** The heading of a part. */
    Html title(String words) {
        return raw("<h2>").text(words).raw("</h2>\n");
    }

    /** An element without attributes around text. */
    Html in(String element, String content) {
        return raw("<" + element + ">").text(content).raw("</" + element + ">");
    }

    /** Text that matters less. */
    Html soft(String element, String content) {
        return raw("<" + element + " class=\"soft\">").text(content).raw("</" + element + ">");
    }

    /** Begins the buttons for one thing, each of which says for what it is. */
    Html actions() {
        return raw("<span class=\"actions\">");
    }

    Html endActions() {
        return raw("</span>");
    }

    /**
     * A button that sends the page's one form for actions; what there is to ask, is asked first.
     */
    Html button(Action action, String name) {
        return button(action, name, action.label(name), "", action.label());
    }

    /** One of several, with whether it is what holds now. */
    Html button(Action action, String name, boolean holds) {
        String pressed = " aria-pressed=\"" + holds + "\"";
        return button(action, name, action.label(name), pressed, action.label());
    }

    /** A number that can be changed. */
    Html button(Action action, String name, int number) {
        String label = action.label(name) + ", now " + number;
        String now = " data-number=\"" + number + "\"";
        return button(action, name, label, now, String.valueOf(number));
    }

    private Html button(Action action, String name, String label, String attributes, String text) {
        raw("<button form=\"act\" formaction=\"").text(action.path(name));
        raw("\" aria-label=\"").text(label).raw("\"" + attributes);
        action.question(name).ifPresent(words -> raw(" data-ask=\"").text(words).raw("\""));
        return raw(">").text(text).raw("</button>");
    }

    /** A state: a word first, a colour second. */
    Html tag(String kind, String word) {
        return raw("<span class=\"tag " + kind + "\">").text(word).raw("</span>");
    }

    Html tag(Verdict.Health health, String word) {
        return tag(css(health), word);
    }

    static String css(Verdict.Health health) {
        return Words.of(health);
    }

    /**
     * Begins a table that scrolls sideways where it is too wide; a column whose title begins with #
     * holds numbers.
     */
    Html table(String label, String... titles) {
        raw("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"");
        text(label).raw("\"><table aria-label=\"").text(label).raw("\"><thead><tr>");
        for (String title : titles) {
            boolean number = title.startsWith("#");
            raw(number ? "<th scope=\"col\" class=\"num\">" : "<th scope=\"col\">");
            text(number ? title.substring(1) : title).raw("</th>");
        }
        return raw("</tr></thead><tbody>\n");
    }

    /** Begins a row, which is about this. */
    Html row(String name) {
        return raw("<tr><th scope=\"row\">").text(name).raw("</th>");
    }

    Html endRow() {
        return raw("</tr>\n");
    }

    Html endTable() {
        return raw("</tbody></table></div>\n");
    }

    Html cell(String content) {
        return in("td", content);
    }

    Html number(String content) {
        return raw("<td class=\"num\">").text(content).raw("</td>");
    }

    /** A cell of words, which may take several lines. */
    Html why(String content) {
        return raw("<td class=\"why\">").brief(content).raw("</td>");
    }

    /** Words of somebody who may have said too many. */
    Html brief(String content) {
        if (content.length() <= LONGEST_WORDS) {
            return text(content);
        }
        int end = Character.isHighSurrogate(content.charAt(LONGEST_WORDS - 2)) ? 2 : 1;
        return text(content.substring(0, LONGEST_WORDS - end)).text("\u2026");
    }

    /** In characters. */
    int length() {
        return out.length();
    }

    @Override
    public String toString() {
        return out.toString();
    }
}
