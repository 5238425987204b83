/**
 * The client's side of a drill, run as a process on its own host.
 *
 * <p>{@link buoy.lab.client.Client} runs one or more roles at once: {@link
 * buoy.lab.client.HttpLoad}, {@link buoy.lab.client.WebSocketTalk}, {@link
 * buoy.lab.client.PostgresWriter} and {@link buoy.lab.client.Watch}. Each writes every {@link
 * buoy.lab.client.Attempt} as one line, successful or not, and judges nothing; whoever started the
 * client reads the lines and asks {@link buoy.lab.client.Attempts} for gaps and failures.
 */
@NullMarked
package buoy.lab.client;

import org.jspecify.annotations.NullMarked;
