package buoy.daemon.track;

import buoy.linux.Inotify;
import buoy.linux.Kernel;
import buoy.linux.Poller;
import buoy.linux.SyscallFailed;
import buoy.linux.layout.FileEvent;
import buoy.vrrp.track.Fact;
import buoy.vrrp.track.Subject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Files with a number in them. The directory of each is watched, so that a change is heard of at
 * once; where that cannot be (it is missing, or the kernel refuses) the file is read every second.
 * On {@link KernelWatch}'s thread.
 */
final class FileWatch {
    private static final Duration WITHOUT_EVENTS = Duration.ofSeconds(1);

    /** Some file systems tell nothing of what other hosts change, and links point elsewhere. */
    private static final Duration WITH_EVENTS = Duration.ofSeconds(10);

    private final Findings findings;
    private final Optional<Inotify> inotify;
    private final Map<Subject.File, Watched> files = new LinkedHashMap<>();

    /** The watch of its directory, and when to read it again in any case. */
    private record Watched(OptionalInt directory, long readAt) {}

    FileWatch(Kernel kernel, Poller poller, Findings findings) {
        this.findings = findings;
        Optional<Inotify> opened;
        try {
            Inotify fresh = Inotify.open(kernel);
            poller.watch(fresh.fd());
            opened = Optional.of(fresh);
        } catch (SyscallFailed _) {
            opened = Optional.empty(); // how each is watched says so
        }
        this.inotify = opened;
    }

    void add(Subject.File file, long now) {
        look(file, now);
    }

    void remove(Subject.File file) {
        Watched gone = files.remove(file);
        if (gone != null && gone.directory().isPresent() && !isWatched(gone.directory())) {
            int number = gone.directory().getAsInt();
            inotify.ifPresent(queue -> queue.unwatch(number));
        }
    }

    private boolean isWatched(OptionalInt directory) {
        return files.values().stream().anyMatch(other -> other.directory().equals(directory));
    }

    /** Any thread. */
    String how() {
        return inotify.isPresent() ? "read when it changes (inotify)" : "read every second";
    }

    /** Reads what has changed, or may have. */
    void act(long now) throws SyscallFailed {
        if (inotify.isPresent()) {
            for (FileEvent event : inotify.get().next()) {
                for (Subject.File file : files.keySet().toArray(new Subject.File[0])) {
                    if (concerns(event, file)) {
                        look(file, now);
                    }
                }
            }
        }
        for (Subject.File file : files.keySet().toArray(new Subject.File[0])) {
            Watched watched = files.get(file);
            if (watched != null && now - watched.readAt() >= 0) {
                look(file, now);
            }
        }
    }

    private boolean concerns(FileEvent event, Subject.File file) {
        if (event.isOverflow()) {
            return true;
        }
        Watched watched = files.get(file);
        if (watched == null || !watched.directory().equals(OptionalInt.of(event.watch()))) {
            return false;
        }
        if (event.isEnd()) {
            files.put(file, new Watched(OptionalInt.empty(), watched.readAt()));
            return true;
        }
        return event.name().equals(name(file));
    }

    private static String name(Subject.File file) {
        return String.valueOf(file.path().getFileName());
    }

    /** The directory first: what changes after the file is read must be heard of. */
    private void look(Subject.File file, long now) {
        OptionalInt directory = watchDirectory(file.path());
        Duration again = directory.isPresent() ? WITH_EVENTS : WITHOUT_EVENTS;
        files.put(file, new Watched(directory, now + again.toNanos()));
        NumberText number = read(file.path());
        findings.found(new Fact.NumberRead(file, number.value()), number.seen());
    }

    /** Watching a directory again gives the number it has already. */
    private OptionalInt watchDirectory(Path file) {
        Path parent = file.getParent();
        if (parent == null || inotify.isEmpty()) {
            return OptionalInt.empty();
        }
        try {
            return OptionalInt.of(inotify.get().watch(parent.toString()));
        } catch (SyscallFailed _) {
            return OptionalInt.empty(); // it may be made later: looked for again in a second
        }
    }

    private static NumberText read(Path file) {
        try {
            if (Files.exists(file) && !Files.isRegularFile(file)) {
                return NumberText.absent("it is no regular file"); // a pipe would keep us here
            }
            try (InputStream in = Files.newInputStream(file)) {
                byte[] bytes = in.readNBytes(NumberText.LONGEST);
                return NumberText.of(new String(bytes, StandardCharsets.UTF_8));
            }
        } catch (NoSuchFileException _) {
            return NumberText.absent("it is missing");
        } catch (IOException e) {
            return NumberText.absent("it cannot be read: " + e.getMessage());
        }
    }

    /** When {@link #act} is due with nothing to be heard. */
    Optional<Long> dueAt() {
        return files.values().stream()
                .map(Watched::readAt)
                .reduce((one, other) -> one - other < 0 ? one : other);
    }

    void close() {
        inotify.ifPresent(Inotify::close);
    }
}
