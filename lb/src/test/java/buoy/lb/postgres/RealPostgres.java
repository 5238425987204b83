package buoy.lb.postgres;

import buoy.config.model.Endpoint;
import buoy.lb.kit.Configs;
import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A PostgreSQL 15 server of its own, in a temporary directory, with TLS on. Ends with the test. */
final class RealPostgres {
    static final Path BIN = Path.of("/usr/lib/postgresql/15/bin");

    private final Path directory;
    private final int port;

    private RealPostgres(Path directory, int port) {
        this.directory = directory;
        this.port = port;
    }

    /** As root it runs as the user that Debian's package makes: PostgreSQL refuses to be root. */
    static RealPostgres start() throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("buoy-pg");
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        RealPostgres postgres = new RealPostgres(directory, port);
        if (root()) {
            run(List.of("chown", "postgres:", directory.toString()));
        }
        Path data = directory.resolve("data");
        postgres.asPostgres(
                BIN.resolve("initdb") + "", "-D", data + "", "-A", "trust", "-U", "postgres", "-N");
        postgres.asPostgres(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-days",
                "2",
                "-subj",
                "/CN=localhost",
                "-keyout",
                data + "/server.key",
                "-out",
                data + "/server.crt");
        postgres.asPostgres(
                BIN.resolve("pg_ctl") + "",
                "-D",
                data + "",
                "-w",
                "-l",
                directory + "/log",
                "-o",
                "-p %d -k %s -c listen_addresses=127.0.0.1 -c ssl=on -c fsync=off"
                        .formatted(port, directory),
                "start");
        return postgres;
    }

    private static boolean root() {
        return "root".equals(System.getProperty("user.name"));
    }

    private void asPostgres(String... command) throws IOException, InterruptedException {
        List<String> whole = new ArrayList<>();
        if (root()) {
            whole.addAll(List.of("runuser", "-u", "postgres", "--"));
        }
        whole.addAll(Arrays.asList(command));
        run(whole);
    }

    Endpoint endpoint() {
        return Configs.loopback(port);
    }

    /** What a client program ended with. */
    record Said(int exit, String output) {}

    /** psql against a port of this host; what it says, errors too. */
    static Said psql(int port, String sslMode, String sql)
            throws IOException, InterruptedException {
        return psql(port, sslMode, "postgres", sql);
    }

    static Said psql(int port, String sslMode, String database, String sql)
            throws IOException, InterruptedException {
        Process psql =
                new ProcessBuilder(
                                "psql",
                                "-X",
                                "-At",
                                "host=127.0.0.1 port=%d user=postgres dbname=%s sslmode=%s"
                                        .formatted(port, database, sslMode),
                                "-c",
                                sql)
                        .redirectErrorStream(true)
                        .start();
        return said(psql);
    }

    static Said said(Process process) throws IOException, InterruptedException {
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Said(process.waitFor(), output.strip());
    }

    private static void run(List<String> command) throws IOException, InterruptedException {
        // Output to a file: a daemon that inherits a pipe would keep it open for ever.
        File output = File.createTempFile("buoy-pg", ".out");
        try {
            Process process =
                    new ProcessBuilder(command)
                            .directory(new File("/"))
                            .redirectErrorStream(true)
                            .redirectOutput(output)
                            .start();
            if (!process.waitFor(120, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IOException(command + ": " + Files.readString(output.toPath()));
            }
        } finally {
            Files.delete(output.toPath());
        }
    }

    void stop() throws IOException, InterruptedException {
        asPostgres(
                BIN.resolve("pg_ctl") + "",
                "-D",
                directory + "/data",
                "-m",
                "immediate",
                "-w",
                "stop");
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
