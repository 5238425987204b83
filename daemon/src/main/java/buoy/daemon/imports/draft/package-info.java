/**
 * What an import knows in Buoy's own words while it reads the files of others: a {@link
 * buoy.daemon.imports.draft.Draft} of a buoy.yaml, whose values remember the line they come from,
 * and the {@link buoy.daemon.imports.draft.Remarks} about what is not in it.
 *
 * <pre>
 *  FILE --parser of its language--&gt; lines with words --translator--&gt; Draft   --YamlWriter--&gt; buoy.yaml
 *                                                              \--&gt; Remarks --------------&gt; FILE:LINE: what (what to do)
 * </pre>
 *
 * Nothing here knows any of the languages.
 */
@NullMarked
package buoy.daemon.imports.draft;

import org.jspecify.annotations.NullMarked;
