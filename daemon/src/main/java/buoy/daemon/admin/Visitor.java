package buoy.daemon.admin;

import java.util.Optional;

/**
 * Somebody who has logged in.
 *
 * @param token what only pages made for this login have, and what every command has to show; empty
 *     where visitors may look and no more
 */
public record Visitor(String name, Optional<String> token) {}
