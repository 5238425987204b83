package buoy.daemon.imports;

/**
 * A file to import.
 *
 * @param name as it was given
 */
public record Source(String name, String text) {}
