/**
 * The configuration as immutable records: proven correct, defaults filled in, no YAML and no I/O.
 * Every component here has the meaning of the key of the same name in the configuration reference.
 */
@NullMarked
package buoy.config.model;

import org.jspecify.annotations.NullMarked;
