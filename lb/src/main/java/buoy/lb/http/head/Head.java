// Longer than 200 lines: the line scanner and the index it fills are one loop over one array.
package buoy.lb.http.head;

import buoy.config.model.Deviation;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A message head (or a trailer section) in one byte array, and the index of its field lines.
 *
 * <pre>
 *   bytes  GET / HTTP/1.1\r\nHost: example.com \r\n...\r\n\r\n
 *                            ^nameStart    valueEnd^   ^ end()
 *                                ^nameEnd
 *                                  ^valueStart
 * </pre>
 *
 * Reused: {@link #clear()} makes room for the next one. Not thread-safe.
 */
public abstract sealed class Head permits RequestHead, ResponseHead, TrailerSection {
    private static final int INITIAL_BYTES = 2048;

    /** Arrays that grew beyond this are not kept for the next head. */
    private static final int KEPT_BYTES = 8192;

    private static final int INITIAL_FIELDS = 32;

    /** A line is four offsets: name start, name end, value start, value end. */
    private static final int STRIDE = 4;

    private static final int NEED = -1;
    private static final int REFUSE = -2;
    private static final int DONE = -3;

    private final int maxBytes;
    private final int maxFields;
    private final boolean mends;
    private final boolean hasStartLine;
    final Lenience lenience;

    byte[] bytes = new byte[INITIAL_BYTES];
    int[] index = new int[INITIAL_FIELDS * STRIDE];
    Field[] fields = new Field[INITIAL_FIELDS];
    boolean[] dropped = new boolean[INITIAL_FIELDS];
    int count;

    /** Whether no line holds a known field: nothing to judge or drop. */
    boolean plain = true;

    /** Octets that do not belong to the head but were skipped before it (one empty line). */
    int start;

    private int filled;

    /** Of those, how many came from nobody: they stand in place of something shorter. */
    private int inserted;

    private int at;
    private int searched;
    private int folds;
    private boolean pastStartLine;
    private Parsed parsed = Parsed.NEED_MORE;
    private Refusal refusal = Refusal.NONE;

    Head(int maxBytes, int maxFields, boolean hasStartLine, boolean mends, Lenience lenience) {
        this.lenience = lenience;
        this.maxBytes = maxBytes;
        this.maxFields = maxFields;
        this.hasStartLine = hasStartLine;
        this.mends = mends;
        this.pastStartLine = !hasStartLine;
    }

    /** Forgets the head; gives back an array that grew large. */
    public void clear() {
        if (bytes.length > KEPT_BYTES) {
            bytes = new byte[INITIAL_BYTES];
        }
        count = 0;
        plain = true;
        start = 0;
        filled = 0;
        inserted = 0;
        at = 0;
        searched = 0;
        folds = 0;
        pastStartLine = !hasStartLine;
        parsed = Parsed.NEED_MORE;
        refusal = Refusal.NONE;
        options = 0;
        nominees = 0;
    }

    // ---- filling ----

    /**
     * The array to copy bytes into, from {@link #filled()} on: room for at least one byte and at
     * most {@code wanted}, never beyond the limit of a head.
     */
    public final byte[] room(int wanted) {
        int needed = Math.min(filled + wanted, limit());
        if (needed > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.min(limit(), Math.max(needed, bytes.length * 2)));
        }
        return bytes;
    }

    /** Only what came is counted: who is let through is not refused for what that takes here. */
    private int limit() {
        return maxBytes + inserted;
    }

    /** Makes room for {@code n} bytes at {@code p}. */
    final void insert(int p, int n) {
        if (filled + n > bytes.length) {
            bytes = Arrays.copyOf(bytes, bytes.length + Math.max(n, INITIAL_BYTES));
        }
        System.arraycopy(bytes, p, bytes, p + n, filled - p);
        inserted += n;
        filled += n;
    }

    /** Will take as many bytes as another, of the same limits, has. */
    final void takeAsMuchAs(Head other) {
        inserted = other.inserted;
    }

    /** How many bytes are in the array. */
    public final int filled() {
        return filled;
    }

    /** Tells that {@code n} bytes were added. */
    public final void added(int n) {
        filled += n;
    }

    /** Adds bytes: as many as the limit leaves room for. Returns how many. */
    public final int add(byte[] from, int offset, int length) {
        byte[] to = room(length);
        int n = Math.min(length, to.length - filled);
        System.arraycopy(from, offset, to, filled, n);
        filled += n;
        return n;
    }

    /** The offset behind the head, once complete: where the body starts. */
    public final int end() {
        return at;
    }

    /** Why the head was refused. */
    public final Refusal refusal() {
        return refusal;
    }

    // ---- parsing ----

    /** Goes on where the last call stopped. */
    public final Parsed parse() {
        if (parsed != Parsed.NEED_MORE) {
            return parsed;
        }
        int to = Math.min(filled, limit());
        if (searched > at && to < limit() && !hasLineEnd(to)) {
            return incomplete(to);
        }
        while (true) {
            to = Math.min(filled, limit());
            int next = pastStartLine ? fieldLine(at, to) : startLine(at, to);
            if (next >= 0) {
                at = next;
                pastStartLine = true;
            } else if (next == NEED) {
                return incomplete(to);
            } else if (next == DONE) {
                refusal = finish();
                parsed = refusal == Refusal.NONE ? Parsed.COMPLETE : Parsed.REFUSED;
                return parsed;
            } else {
                parsed = Parsed.REFUSED;
                return parsed;
            }
        }
    }

    private boolean hasLineEnd(int to) {
        for (int i = searched; i < to; i++) {
            if (bytes[i] == Octets.LF) {
                return true;
            }
        }
        return false;
    }

    private Parsed incomplete(int to) {
        searched = to;
        if (to < limit()) {
            return Parsed.NEED_MORE;
        }
        refusal = pastStartLine ? Refusal.HEADER_TOO_LARGE : startLineTooLong();
        parsed = Parsed.REFUSED;
        return parsed;
    }

    /**
     * Parses the first line at {@code p}: the offset behind it, or {@link #need}/{@link #refuse}.
     */
    abstract int startLine(int p, int to);

    abstract Refusal startLineTooLong();

    /** Judges the lines as a whole. {@link Refusal#NONE} if all is well. */
    abstract Refusal finish();

    static int need() {
        return NEED;
    }

    final int refuse(Refusal why) {
        refusal = why;
        return REFUSE;
    }

    /** The line end expected at {@code p}: the offset behind it. */
    final int lineEnd(int p, int to, Refusal otherwise) {
        byte[] b = bytes;
        if (p == to) {
            return NEED;
        }
        if (b[p] == Octets.CR) {
            return p + 1 == to ? NEED : b[p + 1] == Octets.LF ? p + 2 : refuse(Refusal.BARE_CR);
        }
        if (b[p] != Octets.LF) {
            return refuse(otherwise);
        }
        if (!lenience.lets(Deviation.BARE_LF)) {
            return refuse(Refusal.BARE_LF);
        }
        insert(p, 1);
        bytes[p] = Octets.CR;
        return p + 2;
    }

    private int fieldLine(int p, int to) {
        byte[] b = bytes;
        int nameStart = p;
        int hash = 0;
        boolean underscore = false;
        byte lower;
        while (p < to && (lower = Octets.TOKEN[b[p] & 0xff]) != 0) {
            hash = Field.hash(hash, lower);
            underscore |= lower == '_';
            p++;
        }
        if (p == to) {
            return NEED;
        }
        if (b[p] != ':' || p == nameStart) {
            return notAName(nameStart, p, to);
        }
        int nameEnd = p++;
        while (p < to && (b[p] == Octets.SP || b[p] == Octets.HTAB)) {
            p++;
        }
        int valueStart = p;
        while (p < to && Octets.VALUE[b[p] & 0xff] != 0) {
            p++;
        }
        int next = lineEnd(p, to, Refusal.BAD_FIELD_VALUE);
        if (next < 0) {
            return next;
        }
        if (count == maxFields) {
            return refuse(Refusal.TOO_MANY_FIELDS);
        }
        Field field =
                underscore
                        ? lenience.underscored(b, nameStart, nameEnd)
                        : Field.of(b, nameStart, nameEnd, hash);
        addLine(nameStart, nameEnd, valueStart, trimmed(valueStart, p), field);
        return next;
    }

    private void addLine(int nameStart, int nameEnd, int valueStart, int valueEnd, Field field) {
        if (count == fields.length) {
            fields = Arrays.copyOf(fields, count * 2);
            dropped = Arrays.copyOf(dropped, count * 2);
            index = Arrays.copyOf(index, index.length * 2);
        }
        int line = count * STRIDE;
        index[line] = nameStart;
        index[line + 1] = nameEnd;
        index[line + 2] = valueStart;
        index[line + 3] = valueEnd;
        fields[count] = field;
        dropped[count] = false;
        plain &= field == Field.OTHER;
        count++;
    }

    /**
     * A line that does not begin with a name and a colon: the end of the head, a fold, or wrong.
     */
    private int notAName(int nameStart, int p, int to) {
        byte b = bytes[p];
        if (p > nameStart) {
            if (b != Octets.SP && b != Octets.HTAB) {
                return refuse(Refusal.BAD_FIELD_NAME);
            }
            return mends ? spaceBehindColon(nameStart, p, to) : refuse(Refusal.SPACE_BEFORE_COLON);
        }
        if (b == Octets.CR || b == Octets.LF) {
            int next = lineEnd(p, to, Refusal.BARE_CR);
            if (next < 0) {
                return next;
            }
            at = next;
            return DONE;
        }
        if (b == Octets.SP || b == Octets.HTAB) {
            return count == 0
                    ? refuse(Refusal.LEADING_SPACE)
                    : mends || lenience.lets(Deviation.OBS_FOLD)
                            ? unfold(p, to)
                            : refuse(Refusal.OBSOLETE_FOLD);
        }
        return refuse(Refusal.BAD_FIELD_NAME);
    }

    /** RFC 9112 5.1: in a response the colon moves to the name, here in place. */
    private int spaceBehindColon(int nameStart, int nameEnd, int to) {
        byte[] b = bytes;
        int p = nameEnd;
        while (p < to && (b[p] == Octets.SP || b[p] == Octets.HTAB)) {
            p++;
        }
        if (p == to) {
            return NEED;
        }
        if (b[p] != ':') {
            return refuse(Refusal.SPACE_BEFORE_COLON);
        }
        b[p] = Octets.SP;
        b[nameEnd] = ':';
        return fieldLine(nameStart, to);
    }

    /** RFC 9112 5.2: the fold becomes spaces, here in place. */
    private int unfold(int p, int to) {
        byte[] b = bytes;
        int folded = p;
        while (p < to && Octets.VALUE[b[p] & 0xff] != 0) {
            p++;
        }
        int next = lineEnd(p, to, Refusal.BAD_FIELD_VALUE);
        if (next < 0) {
            return next;
        }
        // What each costs is little, but not nothing.
        if (++folds > maxFields) {
            return refuse(Refusal.TOO_MANY_FIELDS);
        }
        if (!mends) {
            switch (fields[count - 1]) {
                // Who else reads it must not read something else.
                case HOST, CONTENT_LENGTH, TRANSFER_ENCODING -> {
                    return refuse(Refusal.OBSOLETE_FOLD);
                }
                default -> {}
            }
        }
        b = bytes;
        b[folded - 2] = Octets.SP;
        b[folded - 1] = Octets.SP;
        int from = folded;
        while (from < p && Octets.isSpace(b[from])) {
            from++;
        }
        if (from < p) {
            int line = (count - 1) * STRIDE;
            if (index[line + 2] == index[line + 3]) {
                index[line + 2] = from;
            }
            index[line + 3] = trimmed(from, p);
        }
        return next;
    }

    private int trimmed(int valueStart, int valueEnd) {
        int end = valueEnd;
        while (end > valueStart && (bytes[end - 1] == Octets.SP || bytes[end - 1] == Octets.HTAB)) {
            end--;
        }
        return end;
    }

    // ---- Connection ----

    static final int CLOSE = 1;
    static final int KEEP_ALIVE = 2;
    static final int UPGRADE = 4;

    private static final int MAX_OPTIONS = 16;
    private static final byte[] CLOSE_OPTION = Octets.ascii("close");
    private static final byte[] KEEP_ALIVE_OPTION = Octets.ascii("keep-alive");
    private static final byte[] UPGRADE_OPTION = Octets.ascii("upgrade");

    /** What the {@code Connection} fields say, as bits; -1 and a refusal if they are malformed. */
    int options;

    private int nominees;

    /**
     * Reads one {@code Connection} line, and drops every field it names (RFC 9110 7.6.1) that is
     * not protected. Run over a complete index only.
     */
    final Refusal readOptions(int line) {
        int p = valueStart(line);
        int to = valueEnd(line);
        while (p < to) {
            byte b = bytes[p];
            if (b == ',' || b == Octets.SP || b == Octets.HTAB) {
                p++;
                continue;
            }
            int from = p;
            while (p < to && Octets.TOKEN[bytes[p] & 0xff] != 0) {
                p++;
            }
            if (p == from) {
                return Refusal.BAD_FIELD_VALUE;
            }
            if (Octets.equalsIgnoreCase(bytes, from, p, KEEP_ALIVE_OPTION)) {
                options |= KEEP_ALIVE;
            } else if (Octets.equalsIgnoreCase(bytes, from, p, CLOSE_OPTION)) {
                options |= CLOSE;
            } else if (Octets.equalsIgnoreCase(bytes, from, p, UPGRADE_OPTION)) {
                options |= UPGRADE;
            } else if (++nominees > MAX_OPTIONS) {
                return Refusal.TOO_MANY_OPTIONS;
            } else {
                dropNamed(from, p);
            }
        }
        return Refusal.NONE;
    }

    private void dropNamed(int from, int to) {
        for (int line = 0; line < count; line++) {
            if (!fields[line].isProtected() && sameName(line, from, to)) {
                drop(line);
            }
        }
    }

    /** Whether another line's name is the same but for hyphens and underscores. */
    final boolean hasTwin(int line) {
        for (int other = 0; other < count; other++) {
            if (other != line
                    && isAlike(line, other)
                    && !sameName(other, nameStart(line), nameEnd(line))) {
                return true;
            }
        }
        return false;
    }

    private boolean isAlike(int line, int other) {
        int length = nameEnd(line) - nameStart(line);
        if (nameEnd(other) - nameStart(other) != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (hyphened(bytes[nameStart(line) + i]) != hyphened(bytes[nameStart(other) + i])) {
                return false;
            }
        }
        return true;
    }

    private static int hyphened(byte octet) {
        return octet == '_' ? '-' : Octets.TOKEN[octet & 0xff];
    }

    /**
     * Drops every line of this name.
     *
     * @param name in lower case
     */
    final void dropAll(byte[] name) {
        for (int line = 0; line < count; line++) {
            if (isNamed(line, name)) {
                drop(line);
                plain = false;
            }
        }
    }

    /**
     * Whether a line has this name.
     *
     * @param name in lower case
     */
    final boolean isNamed(int line, byte[] name) {
        return Octets.equalsIgnoreCase(bytes, nameStart(line), nameEnd(line), name);
    }

    private boolean sameName(int line, int from, int to) {
        int name = nameStart(line);
        if (nameEnd(line) - name != to - from) {
            return false;
        }
        for (int i = from; i < to; i++, name++) {
            if (Octets.TOKEN[bytes[i] & 0xff] != Octets.TOKEN[bytes[name] & 0xff]) {
                return false;
            }
        }
        return true;
    }

    // ---- numbers ----

    /** The decimal number in {@code line}'s value: digits alone, at most 18; else -1. */
    final long number(int line) {
        int from = valueStart(line);
        int to = valueEnd(line);
        if (from == to || to - from > 18) {
            return -1;
        }
        long number = 0;
        for (int i = from; i < to; i++) {
            int digit = bytes[i] - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            number = number * 10 + digit;
        }
        return number;
    }

    // ---- the index ----

    final int nameStart(int line) {
        return index[line * STRIDE];
    }

    final int nameEnd(int line) {
        return index[line * STRIDE + 1];
    }

    public final int valueStart(int line) {
        return index[line * STRIDE + 2];
    }

    public final int valueEnd(int line) {
        return index[line * STRIDE + 3];
    }

    /** Whether the value of {@code line} is {@code lower}, in any case. */
    final boolean valueIs(int line, byte[] lower) {
        return Octets.equalsIgnoreCase(bytes, valueStart(line), valueEnd(line), lower);
    }

    /** Marks a line as not to be sent on. */
    final void drop(int line) {
        dropped[line] = true;
    }

    /** Text of a part, for people and tests; never on the way of an ordinary exchange. */
    final String text(int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }
}
