package buoy.daemon.state;

import buoy.config.model.Config;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;

/**
 * Where the orders of one Buoy lie: {@code orders/run-buoy-admin.sock} of the state directory, for
 * that of {@code /run/buoy/admin.sock}.
 *
 * @param stateDirectory nothing is kept where it is not there, and it is not made
 * @param adminSocket whose orders they are
 */
public record OrdersFile(Path stateDirectory, Path adminSocket) {
    /** Ten thousand servers with the longest names take a quarter of it. */
    private static final long MAX_BYTES = 8 << 20;

    /**
     * What was kept.
     *
     * @param orders those that could be read
     * @param problems why not all of it could, for people; then the file is to stay as it is until
     *     there is a new order
     */
    public record Kept(StandingOrders orders, List<String> problems) {}

    /** Where this configuration has them. */
    public static OrdersFile of(Config config) {
        return new OrdersFile(config.process().stateDirectory(), config.admin().socket());
    }

    Path path() {
        String name = adminSocket.toString().substring(1).replace('/', '-');
        return stateDirectory.resolve("orders").resolve(name);
    }

    /** What lies there; nothing if there is no file. */
    public Kept read() {
        Path path = path();
        try {
            // Whoever opened a pipe would wait.
            if (!Files.readAttributes(path, BasicFileAttributes.class).isRegularFile()) {
                return unreadable("it is no file");
            }
            if (Files.size(path) > MAX_BYTES) {
                return unreadable("it is larger than 8 MiB");
            }
            // Whatever the bytes are: what is no order is a problem of its line.
            String text = new String(Files.readAllBytes(path), StandardCharsets.UTF_8);
            OrdersText.Read read = OrdersText.decode(adminSocket.toString(), text);
            return new Kept(
                    read.orders(),
                    read.problems().stream().map(problem -> path + ": " + problem).toList());
        } catch (NoSuchFileException _) {
            return new Kept(StandingOrders.NONE, List.of());
        } catch (IOException refusal) {
            return new Kept(StandingOrders.NONE, List.of(why(refusal)));
        }
    }

    private Kept unreadable(String why) {
        return new Kept(StandingOrders.NONE, List.of(path() + ": " + why));
    }

    /** On the disk when this returns; there is no file where nothing is ordered. */
    void write(StandingOrders orders) throws IOException {
        if (!Files.isDirectory(stateDirectory)) {
            throw new NoSuchFileException(stateDirectory.toString());
        }
        if (orders.isNothing()) {
            SecretFile.remove(path());
        } else {
            SecretFile.replace(path(), OrdersText.encode(adminSocket.toString(), orders));
        }
    }

    /** With the file that it is about, which Java leaves out of some. */
    static String why(IOException refusal) {
        return switch (refusal) {
            case NoSuchFileException missing -> missing.getFile() + " is not there";
            case AccessDeniedException denied -> denied.getFile() + ": permission denied";
            default -> String.valueOf(refusal.getMessage());
        };
    }
}
