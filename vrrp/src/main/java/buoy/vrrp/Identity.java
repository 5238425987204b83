package buoy.vrrp;

import buoy.config.model.Family;
import buoy.config.model.VirtualRouter;
import buoy.vrrp.core.Version;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What makes a virtual router the same one after a reload, whatever else changed about it (RFC 9568
 * 1.6: the VRID is unique on a link, for each address family).
 */
record Identity(String interfaceName, int routerId, Family family, Version version) {
    /** One for each family. */
    static Set<Identity> of(VirtualRouter router) {
        return Terms.families(router).stream()
                .map(
                        family ->
                                new Identity(
                                        router.interfaceName(),
                                        router.routerId(),
                                        family,
                                        version(router)))
                .collect(Collectors.toUnmodifiableSet());
    }

    static Version version(VirtualRouter router) {
        return switch (router.version()) {
            case V2 -> Version.V2;
            case V3 -> Version.V3;
        };
    }
}
