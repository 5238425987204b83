package buoy.daemon.imports.haproxy;

import buoy.daemon.imports.draft.Mark;
import java.util.List;

/**
 * A section of the file: its first line, and those below it.
 *
 * @param kind such as {@code frontend}
 * @param name empty where it has none
 * @param rest of its first line, behind the name
 */
record Block(Mark at, String kind, String name, List<String> rest, List<Line> lines) {}
