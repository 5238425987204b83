package buoy.config.model;

/** Where a server is to be found: as the configuration has it. */
public sealed interface ServerAddress {
    /** Never moves. */
    record Fixed(Endpoint endpoint) implements ServerAddress {
        @Override
        public String host() {
            return AddressText.of(endpoint.address());
        }

        @Override
        public int port() {
            return endpoint.port();
        }

        @Override
        public ServerAddress at(int otherPort) {
            return new Fixed(new Endpoint(endpoint.address(), otherPort));
        }

        @Override
        public String toString() {
            return endpoint.toString();
        }
    }

    /**
     * Where name servers say, again and again.
     *
     * @param name in lower case; a dot at its end means that no domain is to be added
     */
    record Named(String name, int port) implements ServerAddress {
        @Override
        public String host() {
            return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        }

        @Override
        public ServerAddress at(int otherPort) {
            return new Named(name, otherPort);
        }

        @Override
        public String toString() {
            return name + ":" + port;
        }
    }

    /** A socket on this host. */
    record Local(UnixPath socket) implements ServerAddress {
        @Override
        public String host() {
            return "localhost";
        }

        /** There are none. */
        @Override
        public int port() {
            return 0;
        }

        @Override
        public ServerAddress at(int otherPort) {
            return this;
        }

        @Override
        public String authority(int unused) {
            return host();
        }

        @Override
        public String toString() {
            return socket.toString();
        }
    }

    /** What its certificate should be for: the name, or the address without brackets. */
    String host();

    int port();

    /** Another port of the same host. */
    ServerAddress at(int otherPort);

    /** What a request to some port of it names as its host (RFC 9110 7.2). */
    default String authority(int port) {
        return at(port).toString();
    }

    /** As users write it, with the port. */
    @Override
    String toString();
}
