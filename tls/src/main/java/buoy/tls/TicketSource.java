package buoy.tls;

import buoy.config.model.ListenerTls;
import buoy.config.model.Secret;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Where the secrets of one listener's tickets come from: its file, or what peers share. */
final class TicketSource {
    private final TicketSchedule schedule;

    /** Empty where peers share them. */
    private final Optional<TicketFile> file;

    private List<TicketSecret> secrets;

    private TicketSource(
            TicketSchedule schedule, Optional<TicketFile> file, List<TicketSecret> secrets) {
        this.schedule = schedule;
        this.file = file;
        this.secrets = secrets;
    }

    /**
     * Empty when a problem was added.
     *
     * @param path of the settings in the configuration
     * @param peers what all hosts know; a file goes before it
     */
    static Optional<TicketSource> read(
            String path,
            ListenerTls.Tickets settings,
            Optional<Secret> peers,
            IdentityFiles files) {
        TicketSchedule schedule = new TicketSchedule(settings.rotate());
        Optional<TicketFile> file =
                settings.keysFile().map(each -> new TicketFile(path + ".keys-file", each));
        Optional<List<TicketSecret>> secrets =
                file.isPresent()
                        ? file.get().read(files)
                        : peers.map(key -> List.of(TicketSecret.ofPeers(key)));
        return secrets.map(each -> new TicketSource(schedule, file, each));
    }

    TicketSchedule schedule() {
        return schedule;
    }

    /** The first is for new tickets. The same list until they change. */
    List<TicketSecret> secrets() {
        return secrets;
    }

    /** A file that cannot be used leaves what was there before. */
    void look(Instant now, List<CertificateEvent> news) {
        file.flatMap(each -> each.look(now, news)).ifPresent(read -> secrets = read);
    }
}
