/**
 * What the operator wrote, proven correct: a YAML file becomes the records of {@link
 * buoy.config.model}, or a list of everything that is wrong with it.
 *
 * <pre>
 *  file --{@link buoy.config.Document}--&gt; {@link buoy.config.Tree} --{@link buoy.config.Section}--&gt; the reader of each section --&gt; {@link buoy.config.model.Config}
 *            bytes, YAML, bounds        values and places        keys, types, ranges         meaning across keys
 *                  \_________________________ {@link buoy.config.Problems} _________________________/
 * </pre>
 *
 * {@link buoy.config.ConfigFile} is the way in. SnakeYAML is seen by {@code Document} alone, which
 * bounds what a hostile file can cost. A reader never stops at a mistake: it records a {@link
 * buoy.config.Problem} and goes on, so that one run names them all. Texts such as {@code 100ms} are
 * read by pure {@link buoy.config.Format}s.
 */
@NullMarked
package buoy.config;

import org.jspecify.annotations.NullMarked;
