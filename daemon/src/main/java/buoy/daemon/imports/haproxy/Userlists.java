package buoy.daemon.imports.haproxy;

import buoy.config.Text;
import buoy.daemon.imports.draft.Draft;
import buoy.daemon.imports.draft.Remarks;

/** {@code userlist} sections: their users go to a file of their own, which the operator writes. */
final class Userlists {
    private Userlists() {}

    /** Where the users of a list are to be written. */
    static String file(String list) {
        return "/etc/buoy/" + Draft.name(list) + ".users";
    }

    /** Says what to write; no hash or password is ever repeated. */
    static void say(Block list, Remarks remarks) {
        String file = file(list.name());
        for (Line line : list.lines()) {
            String user = Text.shown(line.word(1));
            if (line.is("user") && line.words().contains("insecure-password")) {
                remarks.left(
                        line.at(),
                        "%s has a password in clear".formatted(user),
                        "htpasswd -B %s %s".formatted(file, user));
            } else if (line.is("user")) {
                remarks.left(
                        line.at(),
                        "users stand in a file",
                        "write a line %s:HASH to %s, with the hash of this line ($5$ and $6$ are taken; otherwise htpasswd -B)"
                                .formatted(user, file));
            } else {
                remarks.left(
                        line.at(), "groups of users are not known", "write a file for each group");
            }
        }
    }
}
