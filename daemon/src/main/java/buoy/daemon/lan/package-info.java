/**
 * The ports of {@code buoy.vrrp} on the kernel of {@code buoy.linux}. {@link
 * buoy.daemon.lan.LinuxPorts} puts them together; the rest is one class for each port:
 *
 * <ul>
 *   <li>{@code Lan} and {@code AdvertisementChannel}: {@code RawLan}, {@code RawChannel} on
 *       VrrpSocket
 *   <li>{@code AddressTable}: {@code KernelAddresses} on Netlink
 *   <li>{@code Links}: {@code KernelLinks} on Netlink and NetlinkEvents
 *   <li>{@code RoutingTable}: {@code KernelRoutes} on Netlink
 *   <li>{@code VirtualMacs}: {@code KernelVirtualMacs} on Netlink and Sysctl, with {@code
 *       ArpOfLinkBelow} and {@code LinkErrands}, whose thread does what takes the kernel long
 *   <li>{@code Neighbours}: {@code Announcer} on PacketSocket and the pure frames, {@code
 *       ClaimListener} on ClaimSocket
 *   <li>{@code Waiter}: {@code PollingWaiter} on Poller
 * </ul>
 *
 * <p>Sockets belong to the network namespace of the thread that opens them, so everything but the
 * poller is opened on the speaker's thread, when first used; what the kernel refuses then is tried
 * again at the next use. All is used by the speaker's thread alone, except {@code Waiter.wakeUp}
 * and {@code Waiter.now}.
 */
@NullMarked
package buoy.daemon.lan;

import org.jspecify.annotations.NullMarked;
