/** One class beside Conscrypt's own: {@link org.conscrypt.ServerEngines} says why. */
package org.conscrypt;
