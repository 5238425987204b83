package buoy.daemon;

import buoy.config.ConfigFile;
import java.nio.file.Path;
import picocli.CommandLine.ParseResult;

/**
 * Where the running buoy is reached: {@code --socket}, else the configuration's {@code
 * admin.socket}, else the default. A broken configuration is no reason not to reach it: `status` is
 * wanted most when something is wrong.
 */
final class AdminSocketPath {
    private AdminSocketPath() {}

    static Path of(ParseResult command) {
        String socket = command.matchedOptionValue(CommandLineSpec.SOCKET, null);
        if (socket != null) {
            return Path.of(socket);
        }
        Path config =
                Path.of(
                        command.matchedOptionValue(
                                CommandLineSpec.CONFIG, CommandLineSpec.DEFAULT_CONFIG));
        return ConfigFile.adminSocket(config);
    }
}
