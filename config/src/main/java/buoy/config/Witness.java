package buoy.config;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Hears what a reader has asked of each {@link Section}: which keys, and how. The schema is made of
 * that, so that it knows the keys that are read and no others.
 */
interface Witness {
    Witness NOBODY = (_, _, _) -> {};

    /**
     * A section was read, there or not.
     *
     * @param at its path, with {@code *} in place of names and {@code []} in place of items; where
     *     a section is one of several kinds, {@code {KEY}} or {@code {KEY=VALUE}}, which tells them
     *     apart, follows
     * @param asked each key with all the ways in which it was asked for; in a section of things
     *     with names there is {@code *} alone
     * @param exclusive groups of keys of which one may stand there
     */
    void read(String at, Map<String, List<Form>> asked, List<List<String>> exclusive);

    /**
     * A secret stands there.
     *
     * @param path of its key
     */
    default void secret(String path) {}

    /**
     * The path of a file, or directory, stands there; it is read.
     *
     * @param place of the value
     * @param path of its key
     */
    default void file(Place place, String path, String file) {}

    /** A way in which a key may be written. */
    sealed interface Form {
        /** Only whether it is there was asked. */
        record Presence() implements Form {}

        /** It has to be there. */
        record Required() implements Form {}

        /**
         * A single value.
         *
         * @param otherwise what it is where it is absent, if that is certain
         */
        record Single(Format<?> format, Optional<Object> otherwise) implements Form {}

        /** A list of single values. */
        record Items(Format<?> format) implements Form {}

        /** A list of mappings. */
        record Sections() implements Form {}

        /** A mapping. */
        record Within() implements Form {}

        /** {@code null}, which is as if the key was not there. */
        record Nothing() implements Form {}
    }
}
