package buoy.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Pebble, the test CA of Let's Encrypt's makers, on a host of its own. It asks names at the
 * addresses that its host's /etc/hosts gives them, and looks at ports 80 and 443 as public CAs do.
 */
public record Pebble(Host host, Running process) {
    private static final int PORT = 14000;
    private static final int MANAGEMENT = 15000;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** How it is to be. */
    public record Plan(Duration lifetime, List<String> blocked, List<String> environment) {
        /** Certificates live as long as public ones, and every name is allowed. */
        public static final Plan ORDINARY = new Plan(Duration.ofDays(90), List.of(), List.of());

        /** Certificates that are valid so long. */
        public Plan living(Duration time) {
            return new Plan(time, blocked, environment);
        }

        /** No certificate for this domain. */
        public Plan blocking(String domain) {
            return new Plan(lifetime, List.of(domain), environment);
        }

        /** With one more environment variable, such as {@code PEBBLE_AUTHZREUSE=0}. */
        public Plan with(String variable) {
            List<String> more = new ArrayList<>(environment);
            more.add(variable);
            return new Plan(lifetime, blocked, more);
        }
    }

    /** Makes what it needs on the host, and a file by which others can trust its HTTPS. */
    public static void prepare(Lan lan, Host host) {
        Path directory = lan.directory().resolve("pebble");
        try {
            Files.createDirectories(directory);
            Certificates.make(directory, List.of("IP:" + host.address()));
            for (String file : List.of("site.crt", "site.key", "ca.crt")) {
                host.write("/etc/pebble/" + file, Files.readString(directory.resolve(file)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Lets a host trust its HTTPS; returns the file there. */
    public static String trust(Lan lan, Host host) {
        String file = "/etc/buoy/pebble-ca.crt";
        try {
            host.write(file, Files.readString(lan.directory().resolve("pebble").resolve("ca.crt")));
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The URL of its directory. */
    public static String directory(Host host) {
        return "https://%s:%d/dir".formatted(host.address(), PORT);
    }

    /** Where names are on this host. */
    public static void resolve(Host host, String address, String... names) {
        host.write(
                "/etc/hosts",
                "127.0.0.1 localhost\n%s %s\n".formatted(address, String.join(" ", names)));
    }

    /** Starts it; answers when this returns. */
    public static Pebble start(Host host, Plan plan) {
        String blocked =
                String.join(",", plan.blocked().stream().map(name -> '"' + name + '"').toList());
        host.write(
                "/etc/pebble/config.json",
                """
                {"pebble": {"listenAddress": "%1$s:%2$d", "managementListenAddress": "%1$s:%3$d",
                  "certificate": "/etc/pebble/site.crt", "privateKey": "/etc/pebble/site.key",
                  "httpPort": 80, "tlsPort": 443, "ocspResponderURL": "",
                  "externalAccountBindingRequired": false, "domainBlocklist": [%4$s],
                  "certificateValidityPeriod": %5$d}}
                """
                        .formatted(
                                host.address(),
                                PORT,
                                MANAGEMENT,
                                blocked,
                                plan.lifetime().toSeconds()));
        List<String> command = new ArrayList<>(List.of("env", "PEBBLE_VA_NOSLEEP=1"));
        command.addAll(plan.environment());
        command.addAll(List.of("pebble", "-config", "/etc/pebble/config.json"));
        Pebble pebble = new Pebble(host, host.start("pebble", command));
        Await.until(
                PATIENCE,
                "pebble (see " + pebble.process.log() + ")",
                () ->
                        host.run("curl", "--silent", "--insecure", "--fail", directory(host)).exit()
                                == 0);
        return pebble;
    }

    /** The root by which the certificates are trusted that it issues; new at each start. */
    public String root() {
        return host.run(
                        "curl",
                        "--silent",
                        "--insecure",
                        "--fail",
                        "https://%s:%d/roots/0".formatted(host.address(), MANAGEMENT))
                .orFail();
    }

    /** How many certificates it has issued. */
    public long issued() {
        return process.output().lines().filter(line -> line.contains("Issued certificate")).count();
    }
}
