/**
 * The stats page: all that there is to see, for a browser, whole without script and live with it.
 *
 * <pre>
 *  Status, Events --> Picture --> parts (one a file) --> Page   the whole, on request
 *                                                    --> Live   what changed, once a second
 * </pre>
 *
 * <p>A {@link buoy.daemon.page.Part} turns a {@link buoy.daemon.page.Picture} into the HTML of one
 * section: pure, values in, text out. {@link buoy.daemon.page.Page} puts the parts together; {@link
 * buoy.daemon.page.Live} sends those that changed to whoever looks, and does nothing while nobody
 * does. The script puts a part in the place of what it shows, node by node, so that focus,
 * selection and scrolling stay.
 */
@NullMarked
package buoy.daemon.page;

import org.jspecify.annotations.NullMarked;
