package buoy.lab;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What the lab needs of this machine. */
final class Requirements {
    /** Which Debian package has a program. */
    private static final Map<String, String> PACKAGES = packages();

    private Requirements() {}

    private static Map<String, String> packages() {
        Map<String, String> packages = new LinkedHashMap<>();
        packages.put("ip", "iproute2");
        packages.put("nsenter", "util-linux");
        packages.put("unshare", "util-linux");
        packages.put("tcpdump", "tcpdump");
        packages.put("arping", "arping");
        packages.put("ping", "iputils-ping");
        packages.put("keepalived", "keepalived");
        packages.put("patroni", "patroni");
        packages.put("etcd", "etcd-server");
        packages.put("initdb", "postgresql-15");
        packages.put("vrrpd", "frr");
        packages.put("python3", "python3");
        packages.put("pebble", "pebble");
        packages.put("dnsmasq", "dnsmasq-base");
        packages.put("chromium", "chromium");
        packages.put("openssl", "openssl");
        packages.put("sslscan", "sslscan");
        packages.put("testssl", "testssl.sh");
        packages.put("curl", "curl");
        packages.put("nft", "nftables");
        packages.put("promtool", "prometheus");
        return packages;
    }

    /** What is missing, in words an operator can act on; empty if the lab can be built. */
    static List<String> missing(String... programs) {
        List<String> missing = new ArrayList<>();
        if (!isRoot()) {
            missing.add("root");
        }
        Stream.concat(Stream.of("ip", "nsenter", "unshare", "tcpdump", "curl"), Stream.of(programs))
                .filter(program -> !isInstalled(program))
                .map(
                        program ->
                                "%s (apt-get install %s)"
                                        .formatted(
                                                program, PACKAGES.getOrDefault(program, program)))
                .forEach(missing::add);
        return missing;
    }

    static boolean isRoot() {
        return Finished.of("id", "-u").orFail().equals("0");
    }

    private static boolean isInstalled(String program) {
        return Stream.concat(
                        Stream.of(System.getenv("PATH").split(":", -1)),
                        Stream.of("/usr/sbin", "/sbin", "/usr/lib/frr", PatroniCluster.POSTGRESQL))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
    }
}
