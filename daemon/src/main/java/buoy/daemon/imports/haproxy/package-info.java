/**
 * HAProxy's configuration (2.6 and its neighbours) as parts of a {@link
 * buoy.daemon.imports.draft.Draft}.
 *
 * <pre>
 *  text --{@link HaproxyFile}--&gt; {@link Block}s of {@link Line}s of words
 *       --{@link Proxies}--&gt; each proxy with what its defaults say: {@link Proxy}
 *       --{@link Frontends}--&gt; listeners: binds, rules in the order HAProxy tries them ({@link RuleList}, {@link Routes})
 *       --{@link Backends}--&gt; pools: servers, checks, balance, stickiness
 * </pre>
 *
 * A rule of HAProxy may say "unless"; a route of Buoy cannot, but the first that matches decides.
 * So {@link Routes} turns a list of rules into a list of routes: what an "unless" spares is sent,
 * before the rule's own route, to wherever the rest of the rules send it.
 */
@NullMarked
package buoy.daemon.imports.haproxy;

import org.jspecify.annotations.NullMarked;
