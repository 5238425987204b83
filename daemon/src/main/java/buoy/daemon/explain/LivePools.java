package buoy.daemon.explain;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What a running Buoy says of its pools, and of listeners that are paused, out of the answer to
 * {@code GET /api/v1/status}.
 *
 * @param hash of the configuration that runs
 * @param paused listeners that are, by name, since when
 */
public record LivePools(String hash, Map<String, LivePool> pools, Map<String, String> paused) {
    public LivePools {
        pools = Map.copyOf(pools);
        paused = Map.copyOf(paused);
    }

    /**
     * One pool.
     *
     * @param said its members that are no lists or objects, by their names
     * @param servers theirs alike, by the name of the server
     */
    public record LivePool(Map<String, String> said, Map<String, Map<String, String>> servers) {
        public LivePool {
            said = Map.copyOf(said);
            servers = Map.copyOf(servers);
        }
    }

    /**
     * Reads the answer.
     *
     * @throws IOException if it is none
     */
    public static LivePools read(String json) throws IOException {
        Map<String, LivePool> pools = new HashMap<>();
        Map<String, String> paused = new HashMap<>();
        Optional<String> hash = Optional.empty();
        try (JsonParser in = new JsonFactory().createParser(json)) {
            if (in.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("the status of the running buoy is not an object");
            }
            while (in.nextToken() == JsonToken.FIELD_NAME) {
                String name = in.currentName();
                in.nextToken();
                if (name.equals("configuration")) {
                    hash = Optional.ofNullable(scalars(in).get("hash"));
                } else if (name.equals("pools")) {
                    while (in.nextToken() == JsonToken.START_OBJECT) {
                        pool(in, pools);
                    }
                } else if (name.equals("listeners")) {
                    while (in.nextToken() == JsonToken.START_OBJECT) {
                        Map<String, String> listener = scalars(in);
                        if (listener.containsKey("paused-since")) {
                            paused.put(
                                    listener.getOrDefault("name", ""),
                                    listener.getOrDefault("paused-since", ""));
                        }
                    }
                } else {
                    in.skipChildren();
                }
            }
        }
        return new LivePools(
                hash.orElseThrow(() -> new IOException("the running buoy does not say its hash")),
                pools,
                paused);
    }

    private static void pool(JsonParser in, Map<String, LivePool> pools) throws IOException {
        Map<String, String> said = new LinkedHashMap<>();
        Map<String, Map<String, String>> servers = new LinkedHashMap<>();
        while (in.nextToken() == JsonToken.FIELD_NAME) {
            String name = in.currentName();
            JsonToken value = in.nextToken();
            if (name.equals("servers")) {
                while (in.nextToken() == JsonToken.START_OBJECT) {
                    Map<String, String> server = scalars(in);
                    servers.put(Objects.requireNonNullElse(server.get("name"), ""), server);
                }
            } else if (value.isScalarValue()) {
                said.put(name, in.getText());
            } else {
                in.skipChildren();
            }
        }
        pools.put(Objects.requireNonNullElse(said.get("name"), ""), new LivePool(said, servers));
    }

    /** The members of the object that begins here which are no lists or objects themselves. */
    private static Map<String, String> scalars(JsonParser in) throws IOException {
        Map<String, String> all = new LinkedHashMap<>();
        while (in.nextToken() == JsonToken.FIELD_NAME) {
            String name = in.currentName();
            if (in.nextToken().isScalarValue()) {
                all.put(name, in.getText());
            } else {
                in.skipChildren();
            }
        }
        return all;
    }
}
