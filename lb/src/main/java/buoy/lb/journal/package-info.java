/**
 * Where the lines of access logs go. Each worker puts its lines into a {@link
 * buoy.lb.journal.LineRing} of its own for each destination, which takes them or says no at once;
 * the thread of that {@link buoy.lb.journal.Journal} takes them out and writes them through an
 * {@link buoy.lb.journal.Outlet}. So a slow disk or a stuck terminal costs lines, which are
 * counted, and never time on a worker. {@link buoy.lb.journal.Journals} are all of this process:
 * listeners with one destination share it, and a reload keeps it.
 */
@NullMarked
package buoy.lb.journal;

import org.jspecify.annotations.NullMarked;
