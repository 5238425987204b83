package buoy.config.model;

import java.nio.file.Path;

/** {@code admin}: where the admin socket lies. */
public record AdminSettings(Path socket) {}
