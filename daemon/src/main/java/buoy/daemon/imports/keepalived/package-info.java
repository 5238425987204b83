/**
 * keepalived's configuration (2.2 and its neighbours) as parts of a {@link
 * buoy.daemon.imports.draft.Draft}.
 *
 * <pre>
 *  text --{@link Rows}--&gt; rows of it and of what it includes
 *       --{@link Template}--&gt; the rows that hold on one host: {@code @host} and {@code $NAME} are gone
 *       --{@link StatementParser}--&gt; {@link Statement}s, which have words and may have a block
 *       --{@link OneHost}--&gt; what Buoy is to do on that host: routers ({@link Routers}), listeners and pools ({@link VirtualServers})
 *       --{@link ByHost}--&gt; one configuration for all hosts
 * </pre>
 *
 * A file with lines for single hosts and the files of two hosts are the same here: each host is
 * read for itself, and where they differ there is a {@code by-host}.
 */
@NullMarked
package buoy.daemon.imports.keepalived;

import org.jspecify.annotations.NullMarked;
