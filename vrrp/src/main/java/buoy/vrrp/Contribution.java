package buoy.vrrp;

/**
 * One reason why the effective priority is not the configured one.
 *
 * @param cause in words, such as {@code pool app has 1 server up, below 2}
 * @param amount what it adds to the priority; for a fault more than any priority is worth
 */
public record Contribution(String cause, int amount) {}
