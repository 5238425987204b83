package buoy.config;

import buoy.config.model.AdminSettings;
import buoy.config.model.Config;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The way from a file to a configuration. */
public final class ConfigFile {
    private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");

    private static final int MAX_HOSTS = 64;

    private ConfigFile() {}

    /**
     * Reads a configuration file, with those it includes, and judges all of it: as it is meant on
     * this host, and on each other host that a {@code by-host} in it names. Never throws: an
     * unreadable file is a problem like any other.
     */
    public static Reading read(Path file) {
        return read(file, hostName());
    }

    /**
     * As {@link #read(Path)}, of a text that is no file yet. Files that it names by {@code include}
     * are read as well.
     *
     * @param name of the file in what is said about it
     */
    public static Reading judge(String name, String text) {
        return judge(name, text, hostName());
    }

    /** The same, as it is meant on the host of that name. */
    public static Reading judge(String name, String text, String host) {
        Problems problems = new Problems();
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return judge(Include.read(name, bytes, problems), host, problems);
    }

    /**
     * What somebody else found wrong with a value of the file, such as what lies behind a path in
     * it: the same as a problem of ours, with the place of the value.
     *
     * @param host as it is meant there
     * @param path of the key, such as {@code certificates.site.key}; where the file does not have
     *     it (any more), the place is that of the nearest section around it
     */
    public static Problem problem(Path file, String host, String path, String message) {
        Problems ignored = new Problems(); // they were said when the file was read
        Place place =
                Include.read(file, ignored)
                        .map(tree -> Locator.find(ByHost.choose(tree, host, ignored), path))
                        .orElseGet(() -> Place.start(file.toString()));
        return new Problem(place.file(), place.line(), place.column(), path, message);
    }

    /**
     * What stands in a configuration that is good. Empty where it is not any more: what nobody
     * judged may have secrets where nobody knows of them.
     *
     * @param host as it is meant there
     */
    public static Optional<Contents> contents(Path file, String host) {
        Problems problems = new Problems();
        return Include.read(file, problems)
                .map(tree -> Contents.of(file, ByHost.choose(tree, host, problems), problems))
                .filter(_ -> problems.errors().isEmpty());
    }

    /**
     * Where the admin socket is, whatever else is wrong with the file: a running process is wanted
     * most when something is. Where the file does not say so rightly, the default.
     */
    public static Path adminSocket(Path file) {
        Problems ignored = new Problems(); // a command that needs the rest of the file says them
        return Include.read(file, ignored)
                .map(tree -> ByHost.choose(tree, hostName(), ignored))
                .map(
                        tree ->
                                Section.root(
                                        tree,
                                        ignored,
                                        root -> root.within("admin", SettingsReader::admin)))
                .map(AdminSettings::socket)
                .orElse(SettingsReader.ADMIN_SOCKET);
    }

    /** As {@link #read(Path)} on the host of that name. */
    public static Reading read(Path file, String host) {
        Problems problems = new Problems();
        return judge(Include.read(file, problems), host, problems);
    }

    /** {@code tree} is empty where what it should be made of is among the problems already. */
    static Reading judge(Optional<Tree> written, String host, Problems problems) {
        if (written.isEmpty()) {
            return new Reading.Rejected(problems.errors());
        }
        Tree tree = written.get();
        Problems here = new Problems();
        Tree meant = ByHost.choose(tree, host, here);
        Config config = Section.root(meant, here, ConfigReader::read);
        problems.addAll(here);
        judgeForOthers(tree, host, problems);
        List<Problem> errors = problems.errors();
        return errors.isEmpty()
                ? new Reading.Accepted(config, Outline.of(meant), problems.warnings())
                : new Reading.Rejected(errors);
    }

    /** As it is meant on the other hosts that it names. */
    private static void judgeForOthers(Tree tree, String host, Problems problems) {
        Set<String> hosts = ByHost.hosts(tree);
        if (hosts.size() > MAX_HOSTS) {
            problems.reject(
                    tree.place(),
                    "file",
                    "names %d hosts in by-host, and %d are the most (write a file for some)"
                            .formatted(hosts.size(), MAX_HOSTS));
            return;
        }
        for (String other : hosts) {
            if (!ByHost.means(other, host)) {
                Problems there = new Problems();
                Section.root(ByHost.choose(tree, other, there), there, ConfigReader::read);
                problems.addFrom(there, other);
            }
        }
    }

    /** Of this UTS namespace. Where it cannot be read, {@code by-host} falls to its default. */
    public static String hostName() {
        try {
            return Files.readString(HOST_NAME).strip();
        } catch (IOException _) {
            return "";
        }
    }
}
