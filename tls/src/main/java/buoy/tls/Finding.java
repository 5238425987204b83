package buoy.tls;

/**
 * Something in the operator's certificate files that is wrong or soon will be.
 *
 * @param path where the configuration names the file, such as {@code certificates.site.key}
 * @param message what is wrong with it and what to do
 */
public record Finding(String path, String message) {
    @Override
    public String toString() {
        return path + ": " + message;
    }
}
