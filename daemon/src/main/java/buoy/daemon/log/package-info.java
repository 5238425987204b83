/**
 * The log: one line an event, for people or for machines, written by a thread of its own so that no
 * caller ever waits for a slow disk or terminal.
 *
 * <p>{@link buoy.daemon.log.Log} is what the daemon speaks to; it is a {@code java.util.logging}
 * handler underneath, so that what Netty has to say arrives in the same place. Records travel
 * through a bounded, lock-free queue ({@code Mailbox}) to the writer, which renders ({@code
 * LineFormat}) and writes them. What does not fit is counted and the count is written as soon as
 * there is room: a log that cannot keep up says so, and slows nobody down.
 *
 * <p>What repeats itself is written at a pace: {@code Repetition} decides, with {@code Subject} for
 * what is repetition. Whoever hears events ({@code Log.Listener}) hears them before that, and all.
 */
@NullMarked
package buoy.daemon.log;

import org.jspecify.annotations.NullMarked;
