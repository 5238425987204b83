package buoy.config.model;

import java.nio.file.Path;

/** {@code certificates.NAME}: where certificate chains and their private keys are found. */
public sealed interface Certificate {
    String name();

    /** Chain and key in a file each, PEM. */
    record Pair(String name, Path chain, Path key) implements Certificate {}

    /** Chain and key in one file, PEM, as HAProxy wants it. */
    record Bundle(String name, Path pem) implements Certificate {}

    /** Every pair and bundle in a directory, whatever is in it by now. */
    record Directory(String name, Path directory) implements Certificate {}
}
