package buoy.daemon.privilege;

import buoy.config.model.Config;
import buoy.linux.Account;
import buoy.linux.Capability;
import buoy.linux.Kernel;
import buoy.linux.OwnCommand;
import buoy.linux.Replacement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Does what {@link Privileges} decides. */
public final class Settling {
    private static final String SETPRIV = "/usr/bin/setpriv";

    private Settling() {}

    /**
     * Returns as the user that the program is to be, or why it cannot be; or does not return, and
     * the program begins again.
     */
    public static Optional<String> settle(Config config, Kernel kernel) {
        try {
            return switch (Privileges.of(
                    config.process().user(),
                    new Now(kernel),
                    name -> Account.named(kernel, name))) {
                case Privileges.Settled _ -> Optional.empty();
                case Privileges.Refused(var why) -> Optional.of(why);
                case Privileges.BeginAgain(var account, var command) -> {
                    give(parent(config.admin().socket()), account, "rwxr-x---");
                    give(config.process().stateDirectory(), account, "rwx------");
                    Replacement.become(kernel, SETPRIV, command);
                    throw new IllegalStateException("another program in place of this one");
                }
            };
        } catch (IOException e) {
            return Optional.of("process.user: " + e.getMessage());
        }
    }

    /** What this process is. */
    private record Now(Kernel kernel) implements Privileges.Own {
        @Override
        public int user() {
            return kernel.user();
        }

        @Override
        public Set<Capability> capabilities() {
            return Capability.effective();
        }

        /** The file itself: a name may lead to another by now, or nowhere from here. */
        @Override
        public List<String> command() throws IOException {
            List<String> command = new ArrayList<>(OwnCommand.words());
            command.set(0, Files.readSymbolicLink(Path.of("/proc/self/exe")).toString());
            return command;
        }
    }

    private static Path parent(Path file) {
        Path parent = file.toAbsolutePath().getParent();
        return parent == null ? file : parent;
    }

    /** Makes a directory that is not there, as the user could not; one that is stays as it is. */
    private static void give(Path directory, Account account, String permissions)
            throws IOException {
        if (Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Files.createDirectories(parent(directory));
        Files.createDirectory(
                directory,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions)));
        // Not through a link: whoever may write beside it could lead root elsewhere meanwhile.
        Files.setAttribute(directory, "unix:gid", account.group(), LinkOption.NOFOLLOW_LINKS);
        Files.setAttribute(directory, "unix:uid", account.user(), LinkOption.NOFOLLOW_LINKS);
    }
}
