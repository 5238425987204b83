package buoy.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * The JSON Schema (draft 2020-12) of a configuration file, for editors. It is made of what readers
 * ask for, when the project is built; {@code SchemaTest} keeps it so.
 */
public final class ConfigSchema {
    private static final String RESOURCE = "buoy.schema.json";

    private ConfigSchema() {}

    public static String text() {
        try (InputStream in =
                Objects.requireNonNull(
                        ConfigSchema.class.getResourceAsStream(RESOURCE), RESOURCE)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // a part of the program cannot be read
        }
    }
}
