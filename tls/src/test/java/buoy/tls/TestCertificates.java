package buoy.tls;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import buoy.config.model.Certificate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A certificate authority in a directory, run by the openssl program as an operator would. */
final class TestCertificates {
    final Path directory;

    TestCertificates(Path directory) {
        this.directory = directory;
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/openssl")), "openssl is not installed");
        openssl(
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-nodes",
                "-keyout",
                "ca.key",
                "-out",
                "ca.crt",
                "-days",
                "365",
                "-subj",
                "/CN=test authority");
    }

    Path file(String name) {
        return directory.resolve(name);
    }

    /**
     * Signs a certificate for {@code names}; NAME.crt holds it with its issuer, NAME.key its PKCS#8
     * key.
     */
    Certificate.Pair pair(String name, String keyType, String... names) {
        return pair(name, keyType, 90, names);
    }

    Certificate.Pair pair(String name, String keyType, int days, String... names) {
        List<String> sans = new ArrayList<>();
        for (String dns : names) {
            sans.add("DNS:" + dns);
        }
        return pairOf(name, keyType, days, String.join(",", sans));
    }

    /** With alternative names as openssl writes them, such as {@code IP:127.0.0.1}. */
    Certificate.Pair pairOf(String name, String keyType, String sans) {
        return pairOf(name, keyType, 90, sans);
    }

    private Certificate.Pair pairOf(String name, String keyType, int days, String sans) {
        String[] key =
                keyType.equals("rsa")
                        ? new String[] {"-newkey", "rsa:2048"}
                        : new String[] {"-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"};
        List<String> request = new ArrayList<>(List.of("req", "-new", "-nodes"));
        request.addAll(List.of(key));
        request.addAll(
                List.of("-keyout", name + ".key", "-out", name + ".csr", "-subj", "/CN=" + name));
        openssl(request.toArray(String[]::new));
        write(name + ".ext", sans.isEmpty() ? "" : "subjectAltName=" + sans + "\n");
        openssl(
                "x509",
                "-req",
                "-in",
                name + ".csr",
                "-CA",
                "ca.crt",
                "-CAkey",
                "ca.key",
                "-CAcreateserial",
                "-days",
                String.valueOf(days),
                "-extfile",
                name + ".ext",
                "-out",
                name + ".own");
        write(name + ".crt", read(name + ".own") + read("ca.crt"));
        return new Certificate.Pair(name, file(name + ".crt"), file(name + ".key"));
    }

    void write(String name, String text) {
        try {
            Files.writeString(file(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String read(String name) {
        try {
            return Files.readString(file(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs openssl in the directory; what it printed, both streams. */
    String openssl(String... arguments) {
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(List.of(arguments));
        return run("", command);
    }

    /** Runs a program with {@code input}; what it printed, both streams. */
    String run(String input, List<String> command) {
        try {
            Process process =
                    new ProcessBuilder(command)
                            .directory(directory.toFile())
                            .redirectErrorStream(true)
                            .start();
            try (var to = process.getOutputStream()) {
                to.write(input.getBytes(StandardCharsets.UTF_8));
            }
            String output =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(command + " does not end");
            }
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
