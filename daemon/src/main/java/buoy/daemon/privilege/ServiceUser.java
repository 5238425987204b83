package buoy.daemon.privilege;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.StreamSupport;

/** As whom systemd runs {@code buoy.service}: where that is installed, it is what starts Buoy. */
public final class ServiceUser {
    private static final String UNIT = "buoy.service";

    /** The first has its way (systemd.unit(5), unit file load path). */
    private static final List<String> DIRECTORIES =
            List.of(
                    "etc/systemd/system",
                    "run/systemd/system",
                    "usr/local/lib/systemd/system",
                    "usr/lib/systemd/system",
                    "lib/systemd/system");

    private ServiceUser() {}

    /**
     * Empty where there is no such unit, or it runs as root.
     *
     * @param root of the host's files
     */
    public static Optional<String> of(Path root) {
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
        String user = user(text(unit.get()), "");
        for (Path each : dropIns.values()) {
            user = user(text(each), user);
        }
        return Optional.of(user).filter(name -> !name.isEmpty() && !name.equals("root"));
    }

    /** The last {@code User=} there is, else what was before it; without a value it is none. */
    private static String user(String unit, String before) {
        String user = before;
        boolean service = false;
        for (String line : unit.lines().map(String::strip).toList()) {
            if (line.startsWith("[")) {
                service = line.equals("[Service]");
            } else if (service && line.matches("User\\s*=.*")) {
                user = line.substring(line.indexOf('=') + 1).strip();
            }
        }
        return user;
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
