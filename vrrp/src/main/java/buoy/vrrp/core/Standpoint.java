package buoy.vrrp.core;

import java.net.InetAddress;
import java.util.Arrays;

/**
 * Where on the network something was heard. A router of one family stands in one place; routers
 * that move together, and both families of one router, are elected as one but stand in several.
 *
 * @param self our own address there, which decides between equals
 * @param settlesTies whether a tie heard there counts for all places: it must be settled in one,
 *     because in another our address may compare the other way round, and both hosts would yield
 */
public record Standpoint(InetAddress self, boolean settlesTies) {
    /**
     * RFC 9568 6.4.3: between equals the higher address wins, compared as an unsigned integer in
     * network byte order.
     */
    boolean isBelow(InetAddress source) {
        return Arrays.compareUnsigned(source.getAddress(), self.getAddress()) > 0;
    }
}
