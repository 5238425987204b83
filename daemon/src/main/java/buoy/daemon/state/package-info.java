/**
 * What outlives the process, under {@code process.state-directory}: here what operators ordered,
 * and how files are written there.
 *
 * <pre>
 *   an order by command, a reload
 *        |
 *   OrderKeeper --asks--> balancer, routers: what is in force now
 *        |                    '--> StandingOrders                     (a value)
 *        |                             '--> OrdersText                (pure)
 *        v
 *   OrdersFile: one for each admin socket, replaced whole
 *        |
 *        | at a start
 *        v
 *   StandingOrders --> balancer, routers, before they do anything
 * </pre>
 *
 * <p>An order is what a person said by command: drain, maintenance or another weight for a server,
 * a pause of a listener or a pool, the resignation of a router. It is in force until a person says
 * otherwise, and the end of a process is no person. What was observed (health, ejections, what
 * agents want) is found out anew and is not kept.
 *
 * <p>What is kept is what is in force, not what was said: there is no second account that could
 * come to differ from the first. So servers that a reload removed are gone from the file as well.
 * An upgrade hands its own account over ({@link buoy.daemon.upgrade}), and the file is not asked.
 *
 * <p>The file is of an admin socket because that, by its lock, is what one Buoy has and no other
 * one on the host: two that share a directory keep out of each other's orders.
 */
@NullMarked
package buoy.daemon.state;

import org.jspecify.annotations.NullMarked;
