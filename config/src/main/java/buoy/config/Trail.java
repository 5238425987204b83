package buoy.config;

/**
 * Where a value is, by keys and items, such as {@code listeners.web.bind[0]}: made for every value
 * of a file, put into words for those alone that a message is about.
 */
sealed interface Trail {
    /** The whole document, whose path is empty. */
    record Root() implements Trail {
        @Override
        public String toString() {
            return "";
        }
    }

    /** What stands under a key of a mapping. */
    record Key(Trail mapping, String name) implements Trail {
        @Override
        public String toString() {
            return Section.join(mapping.toString(), name);
        }
    }

    /** What stands in a list, counted from 0. */
    record Item(Trail list, int index) implements Trail {
        @Override
        public String toString() {
            return list + "[" + index + "]";
        }
    }

    default Trail key(String name) {
        return new Key(this, name);
    }

    default Trail item(int index) {
        return new Item(this, index);
    }
}
