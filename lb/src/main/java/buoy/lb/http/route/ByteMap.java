package buoy.lb.http.route;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A small hash map from byte strings, looked up by a slice of an array: no key object is made. */
final class ByteMap<V> {
    private byte[] @Nullable [] keys = new byte[8][];
    private @Nullable Object[] values = new Object[8];
    private int size;

    void put(byte[] key, V value) {
        if (size * 2 >= keys.length) {
            grow();
        }
        int slot = slot(key, 0, key.length, keys);
        if (keys[slot] == null) {
            size++;
        }
        keys[slot] = key;
        values[slot] = value;
    }

    boolean isEmpty() {
        return size == 0;
    }

    @Nullable V get(byte[] bytes, int from, int to) {
        if (size == 0) {
            return null;
        }
        @SuppressWarnings("unchecked") // put() stored a V
        V value = (V) values[slot(bytes, from, to, keys)];
        return value;
    }

    private static int slot(byte[] bytes, int from, int to, byte[] @Nullable [] keys) {
        int hash = 0;
        for (int i = from; i < to; i++) {
            hash = hash * 31 + bytes[i];
        }
        int mask = keys.length - 1;
        for (int slot = (hash ^ hash >>> 15) & mask; ; slot = slot + 1 & mask) {
            byte[] key = keys[slot];
            if (key == null || Arrays.equals(key, 0, key.length, bytes, from, to)) {
                return slot;
            }
        }
    }

    private void grow() {
        byte[] @Nullable [] oldKeys = keys;
        @Nullable Object[] oldValues = values;
        keys = new byte[oldKeys.length * 2][];
        values = new Object[oldKeys.length * 2];
        for (int i = 0; i < oldKeys.length; i++) {
            byte[] key = oldKeys[i];
            if (key != null) {
                int slot = slot(key, 0, key.length, keys);
                keys[slot] = key;
                values[slot] = oldValues[i];
            }
        }
    }
}
