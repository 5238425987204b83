package buoy.config;

/** Where something stands in a file; line and column are counted from 1. */
record Place(String file, int line, int column) {}
