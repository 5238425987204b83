package buoy.daemon.privilege;

import static buoy.linux.layout.FileRights.READ;
import static buoy.linux.layout.FileRights.SEARCH;

import buoy.config.Contents;
import buoy.config.Place;
import buoy.config.Problem;
import buoy.config.Text;
import buoy.config.model.Config;
import buoy.linux.Account;
import buoy.linux.FileAccess;
import buoy.linux.Kernel;
import buoy.tls.CertificateFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Files that a configuration names and whoever checks it may read, but not the user as whom Buoy
 * runs: the check of root would find nothing wrong, and the start fail.
 */
public final class Unreadable {
    private final Kernel kernel;
    private final String name;
    private final int user;
    private final Set<Integer> groups;

    private Unreadable(Kernel kernel, String name, Account account, List<String> more) {
        this.kernel = kernel;
        this.name = name;
        this.user = account.user();
        this.groups = new HashSet<>(account.groups(kernel, name));
        for (String each : more) {
            Account.group(kernel, each).or(() -> number(each)).ifPresent(groups::add);
        }
    }

    private static Optional<Integer> number(String group) {
        try {
            return Optional.of(Integer.parseInt(group));
        } catch (NumberFormatException _) {
            return Optional.empty(); // a group that is not there lets nobody in
        }
    }

    /**
     * One for each key that names such a file.
     *
     * @param service as whom Buoy runs unless {@code process.user} says so
     */
    public static List<Problem> among(
            List<Contents.Named> named, Config config, Optional<ServiceUser> service) {
        Optional<String> user = config.process().user();
        Optional<String> name = user.or(() -> service.map(ServiceUser::name));
        // Who becomes another user has that one's groups alone.
        List<String> more =
                user.isPresent() ? List.of() : service.map(ServiceUser::groups).orElse(List.of());
        if (name.isEmpty() || named.isEmpty()) {
            return List.of();
        }
        Kernel kernel;
        try {
            kernel = Kernel.load();
        } catch (LinkageError e) {
            // As where nothing in /tmp may be executed: a check does without, a start does not.
            return List.of(
                    problem(
                            named.getFirst(),
                            "whether the user %s may read this and what else is named cannot be told: %s"
                                    .formatted(
                                            name.get(),
                                            Text.shown(String.valueOf(e.getMessage())))));
        }
        return Account.named(kernel, name.get())
                .filter(account -> account.user() != 0 && account.user() != kernel.user())
                .map(account -> new Unreadable(kernel, name.get(), account, more).among(named))
                .orElse(List.of());
    }

    private List<Problem> among(List<Contents.Named> named) {
        List<Problem> problems = new ArrayList<>();
        for (Contents.Named each : named) {
            inTheWay(each)
                    .ifPresent(
                            what ->
                                    problems.add(
                                            problem(
                                                    each,
                                                    "the user %s may not read it: %s (chgrp %s, and chmod g+r, or g+x of a directory)"
                                                            .formatted(name, what, name))));
        }
        return problems;
    }

    private static Problem problem(Contents.Named named, String message) {
        Place place = named.place();
        return new Problem(place.file(), place.line(), place.column(), named.key(), message);
    }

    /** What keeps the user from the file, or from one that is taken from the directory. */
    private Optional<String> inTheWay(Contents.Named named) {
        try {
            Optional<String> way = onTheWay(named.file());
            if (way.isPresent() || !Files.isDirectory(named.file())) {
                return way;
            }
            for (Path each : CertificateFiles.in(named.file())) {
                way = way.or(() -> closed(each, READ));
            }
            return way;
        } catch (IOException _) {
            // Not there, or closed to this user as well: that is said of it already.
            return Optional.empty();
        }
    }

    /** By the names as they are written, and by where links lead. */
    private Optional<String> onTheWay(Path file) throws IOException {
        Path real = file.toRealPath();
        return along(file).or(() -> along(real));
    }

    private Optional<String> along(Path file) {
        Path way = Path.of("/");
        Path last = file.getFileName();
        for (Path part : file) {
            Optional<String> closed = closed(way, SEARCH);
            if (closed.isPresent()) {
                return closed;
            }
            way = way.resolve(part);
        }
        return last == null
                ? Optional.empty()
                : closed(file, Files.isDirectory(file) ? READ | SEARCH : READ);
    }

    private Optional<String> closed(Path file, int wanted) {
        try {
            if (FileAccess.of(kernel, file).allow(user, groups, wanted)) {
                return Optional.empty();
            }
            PosixFileAttributes shown = Files.readAttributes(file, PosixFileAttributes.class);
            return Optional.of(
                    "%s is %s %s:%s"
                            .formatted(
                                    file,
                                    PosixFilePermissions.toString(shown.permissions()),
                                    shown.owner().getName(),
                                    shown.group().getName()));
        } catch (IOException _) {
            return Optional.empty(); // gone meanwhile
        }
    }
}
