package buoy.config.model;

import java.util.Optional;

/**
 * {@code vrrp.NAME.rules[]}: a routing rule that is there while the router is active. At least one
 * of {@code from} and {@code to} is given; both are of one family, without host bits.
 *
 * @param table the number of the table that is looked into
 * @param priority the place among the rules, lowest first
 */
public record FloatingRule(Optional<Prefix> from, Optional<Prefix> to, int table, int priority) {}
