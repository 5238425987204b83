package buoy.daemon.privilege;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * As whom systemd runs {@code buoy.service}: where that is installed, it is what starts Buoy.
 *
 * @param groups names or numbers of those it is given beside the user's own
 */
public record ServiceUser(String name, List<String> groups) {
    private static final String UNIT = "buoy.service";

    /** The first has its way (systemd.unit(5), unit file load path). */
    private static final List<String> DIRECTORIES =
            List.of(
                    "etc/systemd/system",
                    "run/systemd/system",
                    "usr/local/lib/systemd/system",
                    "usr/lib/systemd/system",
                    "lib/systemd/system");

    public ServiceUser {
        groups = List.copyOf(groups);
    }

    /**
     * Empty where there is no such unit, or it runs as root.
     *
     * @param root of the host's files
     */
    public static Optional<ServiceUser> of(Path root) {
        List<Path> directories = DIRECTORIES.stream().map(root::resolve).toList();
        Optional<Path> unit =
                directories.stream()
                        .map(each -> each.resolve(UNIT))
                        .filter(Files::isRegularFile)
                        .findFirst();
        if (unit.isEmpty()) {
            return Optional.empty();
        }
        // Drop-ins of all directories, by name; of the same name the first directory's.
        TreeMap<String, Path> dropIns = new TreeMap<>();
        for (Path each : directories) {
            for (Path dropIn : in(each.resolve(UNIT + ".d"))) {
                dropIns.putIfAbsent(String.valueOf(dropIn.getFileName()), dropIn);
            }
        }
        Said said = new Said();
        said.read(text(unit.get()));
        dropIns.values().forEach(each -> said.read(text(each)));
        return said.user.isEmpty() || said.user.equals("root")
                ? Optional.empty()
                : Optional.of(new ServiceUser(said.user, said.groups()));
    }

    /** By a unit, and what is dropped into it (systemd.exec(5), credentials). */
    private static final class Said {
        private static final Pattern SETTING =
                Pattern.compile("(User|Group|SupplementaryGroups)\\s*=\\s*(.*)");

        String user = "";
        private String group = "";
        private final List<String> more = new ArrayList<>();

        void read(String unit) {
            boolean service = false;
            for (String line : unit.lines().map(String::strip).toList()) {
                Matcher setting = SETTING.matcher(line);
                if (line.startsWith("[")) {
                    service = line.equals("[Service]");
                } else if (service && setting.matches()) {
                    set(setting.group(1), setting.group(2));
                }
            }
        }

        /** The last one holds; the list grows, and one without a value empties it. */
        private void set(String key, String value) {
            switch (key) {
                case "User" -> user = value;
                case "Group" -> group = value;
                default -> {
                    if (value.isEmpty()) {
                        more.clear();
                    } else {
                        more.addAll(List.of(value.split("\\s+")));
                    }
                }
            }
        }

        List<String> groups() {
            return Stream.concat(Stream.of(group).filter(each -> !each.isEmpty()), more.stream())
                    .toList();
        }
    }

    private static List<Path> in(Path directory) {
        try (DirectoryStream<Path> found = Files.newDirectoryStream(directory, "*.conf")) {
            return StreamSupport.stream(found.spliterator(), false).toList();
        } catch (IOException _) {
            return List.of(); // there is none, or nobody may look
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException _) {
            return ""; // a unit that systemd cannot read says nothing, either
        }
    }
}
