package buoy.daemon.admin;

/**
 * One request, as far as anything here cares.
 *
 * @param path without the query
 * @param text whether plain text is wanted ({@code Accept: text/plain}) rather than JSON
 */
public record Request(String method, String path, boolean text) {}
