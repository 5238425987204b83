/**
 * Which route a request takes. Pure, and immutable once compiled: {@link
 * buoy.lb.http.route.RouteTable} is a hash by host with a tree of path segments below each, built
 * when the configuration is loaded, so that a request costs the same with one route and with a
 * thousand. The first matching route of the configuration wins all the same: every node has the
 * numbers of the routes that end there, in a {@link buoy.lb.http.route.Bucket}. What a route asks
 * beyond host and path is a {@link buoy.lb.http.route.Condition}, tried only for requests that come
 * to its bucket, and only where no earlier route was found.
 *
 * <p>Routes are chosen by the {@link buoy.lb.http.route.NormalPath} of a request. What is sent on
 * is the path as it was received.
 */
@NullMarked
package buoy.lb.http.route;

import org.jspecify.annotations.NullMarked;
