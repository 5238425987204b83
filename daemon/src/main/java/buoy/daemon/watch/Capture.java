package buoy.daemon.watch;

import buoy.daemon.watch.packet.LinkType;
import java.io.EOFException;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.pcap4j.core.BpfProgram.BpfCompileMode;
import org.pcap4j.core.NotOpenException;
import org.pcap4j.core.PcapHandle;
import org.pcap4j.core.PcapHandle.TimestampPrecision;
import org.pcap4j.core.PcapNativeException;
import org.pcap4j.core.PcapNetworkInterface.PromiscuousMode;
import org.pcap4j.core.Pcaps;
import org.pcap4j.packet.namednumber.DataLinkType;

/**
 * Frames from libpcap, live or from a file. The only class that uses pcap4j, and so the only one
 * that loads libpcap: a Buoy that watches nothing never does.
 */
public final class Capture implements AutoCloseable {
    private static final String ALL_INTERFACES = "any";
    private static final int WHOLE_FRAMES = 65535;
    private static final int WAKE_UP_MILLIS = 100;

    /** Gratuitous ARP and unsolicited advertisements are told apart later: few are others. */
    private static final String WANTED =
            "ip proto 112 or ip6 proto 112 or arp or (icmp6 and ip6[40] == 136)";

    private final PcapHandle handle;
    private final LinkType linkType;
    private volatile boolean stopped;

    private Capture(PcapHandle handle, LinkType linkType) {
        this.handle = handle;
        this.linkType = linkType;
    }

    /**
     * Listens on an interface, in promiscuous mode: a host that takes no part in VRRP has not
     * joined its group.
     */
    public static Capture on(String interfaceName) throws CaptureRefused {
        requireInterface(interfaceName);
        return open(
                "cannot capture on " + interfaceName,
                () -> live(interfaceName).promiscuousMode(PromiscuousMode.PROMISCUOUS).build());
    }

    private static void requireInterface(String name) throws CaptureRefused {
        try {
            if (NetworkInterface.getByName(name) == null) {
                throw new CaptureRefused(
                        "there is no interface %s (there are: %s)"
                                .formatted(
                                        name,
                                        NetworkInterface.networkInterfaces()
                                                .map(NetworkInterface::getName)
                                                .sorted()
                                                .collect(Collectors.joining(", "))));
            }
        } catch (SocketException _) {
            // libpcap itself will tell.
        }
    }

    /** Listens on all interfaces, as far as their cards let multicast through. */
    public static Capture onAll() throws CaptureRefused {
        return open(
                "cannot capture on all interfaces",
                () -> {
                    PcapHandle handle = live(ALL_INTERFACES).build();
                    handle.setDlt(DataLinkType.getInstance(LinkType.LINUX_COOKED_2.number()));
                    return handle;
                });
    }

    /** Reads a file that tcpdump or Wireshark wrote; {@code -} is standard input. */
    public static Capture of(String file) throws CaptureRefused {
        return open("cannot read " + file, () -> Pcaps.openOffline(file, TimestampPrecision.NANO));
    }

    private static PcapHandle.Builder live(String device) {
        return new PcapHandle.Builder(device)
                .snaplen(WHOLE_FRAMES)
                .timeoutMillis(WAKE_UP_MILLIS)
                .immediateMode(true)
                .timestampPrecision(TimestampPrecision.NANO);
    }

    private interface Opening {
        PcapHandle open() throws PcapNativeException, NotOpenException;
    }

    private static Capture open(String what, Opening opening) throws CaptureRefused {
        try {
            PcapHandle handle = opening.open();
            int number = handle.getDlt().value();
            Optional<LinkType> linkType = LinkType.of(number);
            if (linkType.isEmpty()) {
                handle.close();
                throw new CaptureRefused(
                        "%s: its frames are of libpcap's type %d, which is not read here"
                                .formatted(what, number));
            }
            handle.setFilter(
                    linkType.get() == LinkType.ETHERNET
                            ? "%s or (vlan and (%s))".formatted(WANTED, WANTED)
                            : WANTED,
                    BpfCompileMode.OPTIMIZE);
            return new Capture(handle, linkType.get());
        } catch (PcapNativeException | NotOpenException refused) {
            throw new CaptureRefused("%s: %s".formatted(what, refused.getMessage()));
        } catch (LinkageError missing) {
            throw new CaptureRefused(
                    "libpcap cannot be loaded: %s (install it: apt-get install libpcap0.8, or dnf install libpcap)"
                            .formatted(firstLine(missing)));
        }
    }

    private static String firstLine(Throwable error) {
        return String.valueOf(error.getMessage()).lines().findFirst().orElse("no reason given");
    }

    LinkType linkType() {
        return linkType;
    }

    /** Waits for the next frame; empty at the end of the file, and after {@link #stop}. */
    Optional<Frame> next() throws CaptureRefused {
        while (!stopped) {
            try {
                byte[] bytes = handle.getNextRawPacketEx();
                return Optional.of(new Frame(handle.getTimestamp().toInstant(), bytes));
            } catch (TimeoutException _) {
                // Nothing passed; whether to stop is asked now and then.
            } catch (EOFException _) {
                return Optional.empty();
            } catch (PcapNativeException | NotOpenException refused) {
                throw new CaptureRefused("the capture ended: " + refused.getMessage());
            }
        }
        return Optional.empty();
    }

    /** Lets {@link #next} return; for any thread, while this is open. */
    public void stop() {
        stopped = true;
        try {
            handle.breakLoop();
        } catch (NotOpenException _) {
            // It has ended by itself.
        }
    }

    /** Frames that passed and were not seen, because they came faster than they were read. */
    long missed() {
        try {
            return handle.getStats().getNumPacketsDropped();
        } catch (PcapNativeException | NotOpenException _) {
            return 0; // of a file there are no statistics
        }
    }

    @Override
    public void close() {
        handle.close();
    }
}
