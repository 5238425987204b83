package buoy.daemon;

import buoy.config.model.Config;
import java.util.ArrayList;
import java.util.List;

/** What a reload cannot change while the process runs. Said, never ignored. */
final class RestartNotes {
    private RestartNotes() {}

    /** One line for each setting that differs and takes effect at the next start alone. */
    static List<String> between(Config running, Config next) {
        List<String> notes = new ArrayList<>();
        note(notes, "admin.socket", running.admin().socket(), next.admin().socket());
        note(notes, "process.user", running.process().user(), next.process().user());
        note(notes, "process.workers", running.process().workers(), next.process().workers());
        note(notes, "process.transport", running.process().transport(), next.process().transport());
        note(notes, "process.real-time", running.process().realTime(), next.process().realTime());
        note(notes, "peer", running.peer(), next.peer());
        return notes;
    }

    private static void note(List<String> notes, String key, Object running, Object next) {
        if (!running.equals(next)) {
            notes.add(key + ": changed, takes effect at the next start alone (restart buoy)");
        }
    }
}
