/**
 * Who may log in. {@link buoy.lb.login.Credentials} are what a request shows; {@link
 * buoy.lb.login.Logins} says whether they are right. What it has found right once it knows again by
 * a keyed digest, on the worker that asks; the rest is looked at by a few threads of its own, for a
 * password hash is made to cost time.
 */
@NullMarked
package buoy.lb.login;

import org.jspecify.annotations.NullMarked;
