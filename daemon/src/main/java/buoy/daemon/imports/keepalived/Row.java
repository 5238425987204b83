package buoy.daemon.imports.keepalived;

import buoy.daemon.imports.draft.Mark;

/** A line as it stands in a file, without its comment and the white space around it. */
record Row(Mark at, String text) {}
