/**
 * {@code buoy import}: files of HAProxy, NGINX and keepalived become one buoy.yaml.
 *
 * <p>{@link buoy.daemon.imports.Importer} finds out which language each file is in, lets its
 * package add to a {@link buoy.daemon.imports.draft.Draft}, and has the result read by {@link
 * buoy.daemon.imports.Proof}: what Buoy would refuse is taken out again and said, so that whatever
 * comes out is accepted.
 */
@NullMarked
package buoy.daemon.imports;

import org.jspecify.annotations.NullMarked;
