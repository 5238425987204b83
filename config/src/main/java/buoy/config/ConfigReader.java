package buoy.config;

import buoy.config.model.AdminSettings;
import buoy.config.model.Config;
import buoy.config.model.LogSettings;
import buoy.config.model.ProcessSettings;
import buoy.config.model.StatsSettings;
import java.util.Map;

/** The top level of the file. */
final class ConfigReader {
    private ConfigReader() {}

    static Config read(Section root) {
        LogSettings log = root.within("log", SettingsReader::log);
        ProcessSettings process = root.within("process", SettingsReader::process);
        AdminSettings admin = root.within("admin", SettingsReader::admin);
        StatsSettings stats = root.within("stats", SettingsReader::stats);
        root.notAvailable("include", "peer", "vrrp", "certificates", "listeners", "pools");
        return new Config(log, process, admin, stats, Map.of(), Map.of(), Map.of(), Map.of());
    }
}
