package buoy.config.model;

import java.nio.file.Path;

/** {@code certificates.NAME}: where a certificate chain and its private key are found. */
public sealed interface Certificate {
    String name();

    /** Chain and key in a file each, PEM. */
    record Pair(String name, Path chain, Path key) implements Certificate {}

    /** Chain and key in one file, PEM, as HAProxy wants it. */
    record Bundle(String name, Path pem) implements Certificate {}
}
