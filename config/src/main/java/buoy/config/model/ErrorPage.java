package buoy.config.model;

/**
 * {@code errors}: what stands in for Buoy's own line in answers with one status.
 *
 * @param mediaType as Content-Type has it (RFC 9110 8.3)
 * @param content the file's, as it was when the configuration was read
 */
public record ErrorPage(String mediaType, String content) {}
