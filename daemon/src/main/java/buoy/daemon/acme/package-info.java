/**
 * Certificates that Buoy orders by itself (ACME: RFC 8555, RFC 8737).
 *
 * <pre>
 *   configuration, VRRP state, what lies on the disk
 *        |
 *   Orders --asks--> plan.Plan: order now, and why, or when to look again      (pure)
 *        |
 *        | one virtual thread for an order
 *        v
 *   Authority --acme4j--> the CA            Proofs: what the CA is to be answered
 *        |                                     '--> buoy.tls.Challenges, which workers look up
 *        v
 *   StateFiles: account key, chain with key; replaced whole
 *        |
 *        '--> found by the watch over certificates' files, and shown
 * </pre>
 *
 * <p>{@link buoy.daemon.acme.Orders} keeps what was tried; nothing else has a memory. The account
 * needs none but its key: a CA that is shown it once more says which account it belongs to (RFC
 * 8555 7.3). Each order makes a new key, which is written together with its chain, and before that
 * nowhere.
 */
@NullMarked
package buoy.daemon.acme;

import org.jspecify.annotations.NullMarked;
