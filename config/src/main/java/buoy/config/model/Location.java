package buoy.config.model;

/** Where a socket listens: ours for clients, or a server's. */
public sealed interface Location permits Endpoint, UnixPath {
    /** As users write it. */
    @Override
    String toString();
}
