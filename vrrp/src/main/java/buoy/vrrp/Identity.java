package buoy.vrrp;

import buoy.config.model.VirtualRouter;
import buoy.vrrp.core.Version;

/**
 * What makes a virtual router the same one after a reload, whatever else changed about it (RFC 9568
 * 1.6: the VRID is unique on a link, for each address family).
 */
record Identity(String interfaceName, int routerId, boolean ipv6, Version version) {
    static Identity of(VirtualRouter router) {
        return new Identity(
                router.interfaceName(),
                router.routerId(),
                SourceChoice.isIpv6(router),
                version(router));
    }

    static Version version(VirtualRouter router) {
        return switch (router.version()) {
            case V2 -> Version.V2;
            case V3 -> Version.V3;
        };
    }
}
