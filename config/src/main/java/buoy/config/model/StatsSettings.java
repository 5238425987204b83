package buoy.config.model;

/** {@code stats}: where the stats page, metrics and liveness are served. */
public record StatsSettings(Endpoint bind) {}
