/**
 * How much room new objects have in the native executable. When that room, eden, is full, its
 * collector stops every thread and moves what is alive: seldom is good for latency. A large eden
 * for good would cost an idle process its small memory. So it follows what is allocated.
 *
 * <pre>
 *  allocated bytes, each second -> {@link buoy.daemon.heap.EdenSize} (decides: 8, 16 or 32 MB)
 *                                            |
 *  a reload asks for room ----> {@link buoy.daemon.heap.Eden} -> {@link buoy.daemon.heap.Collector}
 * </pre>
 *
 * <p>On a JVM, whose collectors do this by themselves, nothing of it happens, and neither where the
 * operator gave a size ({@code -XX:MaxNewSize}).
 */
@NullMarked
package buoy.daemon.heap;

import org.jspecify.annotations.NullMarked;
