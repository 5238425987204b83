package buoy.bench;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * A proxy that can be measured.
 *
 * @param name in the table
 * @param configuration the name of its file among {@link Plan#configurations()}
 * @param role what it is there for
 * @param doors what it can do
 * @param isJvm whether it compiles while it serves
 * @param version the command that tells its version
 * @param start the command that serves with the configuration it is given, in the foreground
 */
record Contender(
        String name,
        String configuration,
        Role role,
        Set<Door> doors,
        boolean isJvm,
        List<String> version,
        Start start) {

    enum Role {
        /** Buoy stands in for it. */
        INCUMBENT,
        /** To be read beside the others: it does something else. */
        REFERENCE,
        BUOY
    }

    /** A command for a filled configuration in a directory of its own. */
    interface Start {
        List<String> command(Path configuration, Path directory);
    }

    boolean does(Case what) {
        return doors.contains(what.door());
    }

    static Contender haproxy(Path program) {
        String haproxy = program.toString();
        return new Contender(
                "HAProxy",
                "haproxy.cfg",
                Role.INCUMBENT,
                EnumSet.allOf(Door.class),
                false,
                List.of(haproxy, "-v"),
                (file, _) -> List.of(haproxy, "-db", "-f", file.toString()));
    }

    /** In session mode, where it passes on what it reads as a relay does. */
    static Contender pgbouncer(Path program) {
        String pgbouncer = program.toString();
        return new Contender(
                "PgBouncer",
                "pgbouncer.ini",
                Role.REFERENCE,
                EnumSet.of(Door.POSTGRES),
                false,
                List.of(pgbouncer, "--version"),
                (file, _) -> Postgres.asItsUser(List.of(pgbouncer, file.toString())));
    }

    /** With the master process that a reload needs. */
    static Contender haproxyWithMaster(Path program) {
        Contender usual = haproxy(program);
        return new Contender(
                usual.name(),
                usual.configuration(),
                usual.role(),
                usual.doors(),
                usual.isJvm(),
                usual.version(),
                (file, _) -> List.of(program.toString(), "-W", "-db", "-f", file.toString()));
    }

    static Contender nginx(Path program) {
        return nginx("NGINX", "nginx.conf", program);
    }

    /** What stands behind all the others. */
    static Contender origin(Path program) {
        return nginx("origin", "origin.conf", program);
    }

    private static Contender nginx(String name, String configuration, Path program) {
        String nginx = program.toString();
        return new Contender(
                name,
                configuration,
                Role.INCUMBENT,
                Door.WEB,
                false,
                List.of(nginx, "-v"),
                (file, directory) ->
                        List.of(
                                nginx,
                                "-e",
                                "stderr",
                                "-p",
                                directory.toString(),
                                "-c",
                                file.toString()));
    }

    static Contender buoyNative(Path program) {
        return buoy("Buoy native", program, false);
    }

    static Contender buoyOnJvm(Path program) {
        return buoy("Buoy JVM", program, true);
    }

    private static Contender buoy(String name, Path program, boolean isJvm) {
        String buoy = program.toString();
        return new Contender(
                name,
                "buoy.yaml",
                Role.BUOY,
                EnumSet.allOf(Door.class),
                isJvm,
                List.of(buoy, "version"),
                (file, _) -> List.of(buoy, "run", "-c", file.toString()));
    }
}
