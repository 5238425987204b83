package buoy.daemon.admin;

import java.util.Optional;

/**
 * One request, as far as anything here cares.
 *
 * @param path without the query
 * @param lastEventId {@code Last-Event-ID}: what whoever listens to events has heard last
 * @param authorization {@code Authorization}: who asks
 * @param text whether plain text is wanted ({@code Accept: text/plain}) rather than JSON
 */
public record Request(
        String method,
        String path,
        boolean text,
        Optional<String> lastEventId,
        Optional<String> authorization) {}
