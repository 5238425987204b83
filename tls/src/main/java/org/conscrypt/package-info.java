/** One class beside Conscrypt's own: {@link org.conscrypt.ServerEngines} says why. */
@NullMarked
package org.conscrypt;

import org.jspecify.annotations.NullMarked;
