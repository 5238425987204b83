package buoy.daemon.command;

import buoy.linux.Account;
import buoy.linux.Capability;
import buoy.linux.Kernel;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes from a program what it would begin with, by {@code setpriv(1)}. What a file on disk brings
 * (capabilities(7)) it gets, as ping does.
 *
 * @param own the user of this process
 * @param bindsRoot whether root may be made a user like others; without it a program of root's has
 *     what the bounding set leaves to it
 */
record Unprivileged(int own, boolean bindsRoot) {
    private static final int ROOT = 0;

    static Unprivileged of(Kernel kernel) {
        return new Unprivileged(kernel.user(), Capability.SETPCAP.isEffective());
    }

    /** What the program is run by as the user that this process is. */
    List<String> asThisProcess() {
        List<String> argv = begin(own);
        argv.add("--");
        return argv;
    }

    /** What the program is run by as another user with all its groups. */
    List<String> as(Account account) {
        List<String> argv = begin(account.user());
        // Whoever is that user already may not be allowed to choose, and need not.
        if (account.user() != own) {
            argv.add("--reuid=" + Integer.toUnsignedString(account.user()));
            argv.add("--regid=" + Integer.toUnsignedString(account.group()));
            argv.add("--init-groups");
        }
        argv.add("--");
        return argv;
    }

    private List<String> begin(int user) {
        List<String> argv =
                new ArrayList<>(List.of("setpriv", "--inh-caps=-all", "--ambient-caps=-all"));
        // Root's do not come of what it inherits but of who it is.
        if (user == ROOT && bindsRoot) {
            argv.add("--securebits=+noroot,+noroot_locked");
        }
        return argv;
    }
}
