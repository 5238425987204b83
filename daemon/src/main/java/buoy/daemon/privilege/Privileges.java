package buoy.daemon.privilege;

import buoy.linux.Account;
import buoy.linux.Capability;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What is to be done so that the program runs as the user it is to be. */
public sealed interface Privileges {
    /** What Buoy does with each is said in the unit that its packages bring. */
    Set<Capability> NEEDED =
            Set.of(
                    Capability.NET_ADMIN,
                    Capability.NET_BIND_SERVICE,
                    Capability.NET_RAW,
                    Capability.IPC_LOCK,
                    Capability.SYS_NICE);

    /** It runs as that user. */
    record Settled() implements Privileges {}

    /**
     * It begins again as that user.
     *
     * @param command becomes this process
     */
    record BeginAgain(Account account, List<String> command) implements Privileges {
        public BeginAgain {
            command = List.copyOf(command);
        }
    }

    /** It may not become that user, or there is none; why, and what to do. */
    record Refused(String why) implements Privileges {}

    /** This process, asked for no more than is needed to decide. */
    interface Own {
        int user();

        /** It can hand on no others. */
        Set<Capability> capabilities();

        /** That started it, its program as a path. */
        List<String> command() throws IOException;
    }

    /**
     * Decides.
     *
     * @param user to become; empty to stay
     * @param accounts those of this host
     */
    static Privileges of(
            Optional<String> user, Own own, Function<String, Optional<Account>> accounts)
            throws IOException {
        if (user.isEmpty()) {
            return new Settled();
        }
        String name = user.get();
        Optional<Account> account = accounts.apply(name);
        if (account.isEmpty()) {
            return new Refused(
                    "process.user: there is no user %s on this host (useradd --system %s)"
                            .formatted(name, name));
        }
        if (account.get().user() == own.user()) {
            return new Settled();
        }
        if (own.user() != 0) {
            return new Refused(
                    "process.user: only root can become %s, and this is user %s (start it as one of them, or remove process.user)"
                            .formatted(name, Integer.toUnsignedString(own.user())));
        }
        return new BeginAgain(
                account.get(), setpriv(account.get(), own.capabilities(), own.command()));
    }

    private static List<String> setpriv(
            Account account, Set<Capability> had, List<String> command) {
        String kept =
                NEEDED.stream()
                        .filter(had::contains)
                        .sorted()
                        .map(capability -> ",+" + capability.name().toLowerCase(Locale.ROOT))
                        .collect(Collectors.joining());
        List<String> argv =
                new ArrayList<>(
                        List.of(
                                "setpriv",
                                "--reuid=" + Integer.toUnsignedString(account.user()),
                                "--regid=" + Integer.toUnsignedString(account.group()),
                                "--init-groups",
                                "--inh-caps=-all" + kept,
                                "--ambient-caps=-all" + kept,
                                "--no-new-privs"));
        if (had.contains(Capability.SETPCAP)) {
            argv.add("--bounding-set=-all" + kept);
        }
        argv.add("--");
        argv.addAll(command);
        return argv;
    }
}
