package buoy.config;

import buoy.config.model.AdminSettings;
import buoy.config.model.Certificate;
import buoy.config.model.Config;
import buoy.config.model.Listener;
import buoy.config.model.Location;
import buoy.config.model.LogSettings;
import buoy.config.model.Peer;
import buoy.config.model.Pool;
import buoy.config.model.ProcessSettings;
import buoy.config.model.StatsSettings;
import buoy.config.model.UnixPath;
import buoy.config.model.VirtualRouter;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The top level of the file. Sections are read in the order in which they need each other; a name
 * may be used wherever its key stands in the file, even if what it names is wrong.
 */
final class ConfigReader {
    private ConfigReader() {}

    static Config read(Section root) {
        LogSettings log = root.within("log", SettingsReader::log);
        ProcessSettings process = root.within("process", SettingsReader::process);
        AdminSettings admin = root.within("admin", SettingsReader::admin);
        Claims<Location> binds = new Claims<>(root.problems(), "choose another one");
        binds.claimUnwritten(new UnixPath(admin.socket().toString()), "admin.socket");
        StatsSettings stats = root.within("stats", s -> SettingsReader.stats(s, binds));
        Set<String> poolNames = root.namesIn("pools");
        Set<String> certificateNames = root.namesIn("certificates");
        PoolReader pool = new PoolReader(poolNames, process.drain(), certificateNames);
        Map<String, Pool> pools = root.named("pools", pool::read);
        pool.rejectCircles(root.problems());
        AcmeReader acme = new AcmeReader(process.stateDirectory());
        Map<String, Certificate> certificates =
                root.named("certificates", new CertificateReader(acme)::read);
        ListenerReader listener =
                new ListenerReader(
                        poolNames,
                        pools,
                        certificateNames,
                        root.has("peer"),
                        binds,
                        new Claims<>(root.problems(), "choose another one"));
        Map<String, Listener> listeners = root.named("listeners", listener::read);
        // What is wrong with a listener was said already.
        if (listeners.size() == root.namesIn("listeners").size()) {
            certificates.replaceAll((_, each) -> acme.answerable(each, listeners.values()));
        }
        pool.rejectSessions(listeners, root.problems());
        TrackReader tracks = new TrackReader(poolNames, pools, root.namesIn("listeners"));
        RouterReader router = new RouterReader(tracks, root.problems());
        Map<String, VirtualRouter> routers = root.named("vrrp", router::read);
        // Followed already, and not in the tree; known, so that a misspelt one is recognised.
        var _ = root.list(Include.KEY, Parsed::ok);
        Optional<Peer> peer = root.optionally("peer", s -> PeerReader.read(s, binds));
        if (!root.has("peer") && !routers.isEmpty()) {
            acme.warnOfLonelyHosts();
        }
        if (!root.has("vrrp") && !root.has("listeners")) {
            root.problems()
                    .warn(
                            root.place(),
                            "file",
                            "leaves nothing to do (add vrrp, listeners or both)");
        }
        return new Config(
                log, process, admin, stats, peer, routers, certificates, listeners, pools);
    }
}
