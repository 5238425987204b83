package buoy.lb.http;

/** Status codes of gRPC for answers that no gRPC server gave. */
final class GrpcStatus {
    private GrpcStatus() {}

    /** For a status of HTTP: as gRPC's "HTTP to gRPC Status Code Mapping" has it. */
    static int of(int status) {
        return switch (status) {
            // INTERNAL
            case 400 -> 13;
            // UNAUTHENTICATED
            case 401 -> 16;
            // PERMISSION_DENIED
            case 403 -> 7;
            // UNIMPLEMENTED
            case 404 -> 12;
            // UNAVAILABLE
            case 429, 502, 503, 504 -> 14;
            // UNKNOWN
            default -> 2;
        };
    }
}
