package buoy.lb.kit;

import static org.assertj.core.api.Assumptions.assumeThat;

import buoy.config.model.Endpoint;
import buoy.config.model.UnixPath;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A PostgreSQL server of its own, in a temporary directory, with TLS on: Debian's, or a {@link
 * Release}. It trusts everybody unless told otherwise. Ends with the test.
 */
public final class RealPostgres implements AutoCloseable {
    private static final Path DEBIAN = Path.of("/usr/lib/postgresql/15/bin");

    private final Path bin;
    private final Path directory;
    private final Path data;
    private final int port;
    private boolean tls = true;

    private RealPostgres(Path bin, Path directory, int port) {
        this.bin = bin;
        this.directory = directory;
        this.data = directory.resolve("data");
        this.port = port;
    }

    /** Skips the test where PostgreSQL is not installed. */
    public static RealPostgres start() throws IOException, InterruptedException {
        return start(DEBIAN);
    }

    /** A server of another release than Debian's. */
    public static RealPostgres start(Release release) throws IOException, InterruptedException {
        return start(release.bin());
    }

    private static RealPostgres start(Path bin) throws IOException, InterruptedException {
        RealPostgres postgres = place(bin);
        postgres.asPostgres(
                bin.resolve("initdb") + "",
                "-D",
                postgres.data + "",
                "-A",
                "trust",
                "-U",
                "postgres",
                "-N");
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
                postgres.data + "/server.key",
                "-out",
                postgres.data + "/server.crt");
        postgres.run();
        return postgres;
    }

    /** A standby that streams from this server. */
    public RealPostgres standby() throws IOException, InterruptedException {
        RealPostgres standby = place(bin);
        standby.asPostgres(
                bin.resolve("pg_basebackup") + "",
                "-D",
                standby.data + "",
                "-R",
                "-c",
                "fast",
                "-N",
                "-d",
                "host=127.0.0.1 port=%d user=postgres sslmode=disable".formatted(port));
        standby.run();
        return standby;
    }

    /** As root it runs as the user that Debian's package makes: PostgreSQL refuses to be root. */
    private static RealPostgres place(Path bin) throws IOException, InterruptedException {
        assumeThat(Files.isExecutable(bin.resolve("postgres")))
                .as("needs Debian's package postgresql-15")
                .isTrue();
        Path directory = Files.createTempDirectory("buoy-pg");
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        if (root()) {
            execute(List.of("chown", "postgres:", directory.toString()));
        }
        return new RealPostgres(bin, directory, port);
    }

    /** Starts it, again too. */
    public void run() throws IOException, InterruptedException {
        control(
                "-l",
                log() + "",
                "-o",
                "-p %d -k %s -c listen_addresses=127.0.0.1 -c ssl=%s -c fsync=off"
                        .formatted(port, directory, tls ? "on" : "off"),
                "start");
    }

    /** Restarts it without TLS. */
    public void withoutTls() throws IOException, InterruptedException {
        tls = false;
        stop("fast");
        run();
    }

    /** Has it wait for its sessions and then end; returns at once. */
    public void beginShutdown() throws IOException, InterruptedException {
        asPostgres(bin.resolve("pg_ctl") + "", "-D", data + "", "-W", "-m", "smart", "stop");
    }

    public boolean isRunning() {
        return Files.exists(data.resolve("postmaster.pid"));
    }

    public void promote() throws IOException, InterruptedException {
        control("promote");
    }

    /**
     * Stops it.
     *
     * @param mode {@code fast} as an operator does, {@code immediate} as a crash
     */
    public void stop(String mode) throws IOException, InterruptedException {
        control("-m", mode, "stop");
    }

    private void control(String... command) throws IOException, InterruptedException {
        List<String> whole =
                new ArrayList<>(List.of(bin.resolve("pg_ctl") + "", "-D", data + "", "-w"));
        whole.addAll(Arrays.asList(command));
        asPostgres(whole.toArray(String[]::new));
    }

    /** Replaces pg_hba.conf; holds for sessions from now on. */
    public void access(String lines) throws IOException, InterruptedException {
        Files.writeString(data.resolve("pg_hba.conf"), lines);
        control("reload");
    }

    /** Shows another certificate; believes clients that the same authority vouches for. */
    public void show(Authority authority, String name) throws IOException, InterruptedException {
        own(authority.file(name + ".crt"), "server.crt");
        own(authority.file(name + ".key"), "server.key");
        own(authority.ca(), "clients.crt");
        Files.writeString(data.resolve("postgresql.auto.conf"), "ssl_ca_file = 'clients.crt'\n");
        control("reload");
        Await.until(
                "the server has read it",
                () ->
                        answers(
                                "select setting from pg_settings where name = 'ssl_ca_file'",
                                "clients.crt"));
    }

    private void own(Path file, String name) throws IOException, InterruptedException {
        Path to = data.resolve(name);
        Files.copy(file, to, StandardCopyOption.REPLACE_EXISTING);
        if (root()) {
            execute(List.of("chown", "postgres:", to + ""));
        }
        execute(List.of("chmod", "600", to + ""));
    }

    /** Where the server writes what it has to say. */
    public Path log() {
        return directory.resolve("log");
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
        execute(whole);
    }

    public Endpoint endpoint() {
        return Configs.loopback(port);
    }

    /** The same server on a unix socket. */
    public UnixPath socket() {
        return new UnixPath(directory.resolve(".s.PGSQL." + port).toString());
    }

    /** What a client program ended with. */
    public record Said(int exit, String output) {}

    /** What a query of the server itself answers, without Buoy in between. */
    public String query(String sql) throws IOException, InterruptedException {
        Said said = psql(port, "disable", sql);
        if (said.exit() != 0) {
            throw new IOException(said.output());
        }
        return said.output();
    }

    /** As {@link #query}, for conditions that are awaited. */
    public boolean answers(String sql, String answer) {
        try {
            return psql(port, "disable", sql).equals(new Said(0, answer));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException stopped) {
            throw new AssertionError(stopped);
        }
    }

    /** psql against a port of this host; what it says, errors too. */
    public static Said psql(int port, String sslMode, String sql)
            throws IOException, InterruptedException {
        return psql(port, sslMode, "postgres", sql);
    }

    public static Said psql(int port, String sslMode, String database, String sql)
            throws IOException, InterruptedException {
        return psql(
                "host=127.0.0.1 port=%d user=postgres dbname=%s sslmode=%s"
                        .formatted(port, database, sslMode),
                sql);
    }

    /**
     * The same with everything that libpq lets one say.
     *
     * @param target a connection string
     */
    public static Said psql(String target, String sql) throws IOException, InterruptedException {
        return said(
                new ProcessBuilder("psql", "-X", "-At", target, "-c", sql)
                        .redirectErrorStream(true)
                        .start());
    }

    public static Said said(Process process) throws IOException, InterruptedException {
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Said(process.waitFor(), output.strip());
    }

    private static void execute(List<String> command) throws IOException, InterruptedException {
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

    /** Ends it if it runs, and removes its files. */
    @Override
    public void close() throws IOException {
        if (Files.exists(data.resolve("postmaster.pid"))) {
            try {
                stop("immediate");
            } catch (InterruptedException stopped) {
                throw new IOException("a server was left running", stopped);
            }
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
