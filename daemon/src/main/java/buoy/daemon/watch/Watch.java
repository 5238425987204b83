package buoy.daemon.watch;

import buoy.daemon.watch.packet.Conduct;
import buoy.daemon.watch.packet.Packet;
import buoy.daemon.watch.packet.Seen;
import buoy.daemon.watch.packet.Sighting;
import java.io.PrintStream;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** From frames to lines, until there are no more or enough of them. */
public final class Watch {
    private final Capture capture;
    private final String interfaceName;
    private final PrintStream out;
    private final Conduct conduct = new Conduct();
    private final Map<Integer, String> names = new HashMap<>();

    /**
     * @param interfaceName where the capture listens; empty where its frames tell, or nobody knows
     */
    public Watch(Capture capture, String interfaceName, PrintStream out) {
        this.capture = capture;
        this.interfaceName = interfaceName;
        this.out = out;
    }

    /** How packets are shown. */
    interface Rendering {
        String head();

        /** One line or more, each with its end. */
        String packet(Seen seen);

        String foot(long missed);
    }

    /** Aligned lines for people. */
    public void text(OptionalInt count) throws CaptureRefused {
        run(new WatchText(capture.linkType().tellsInterface()), count);
    }

    /** A JSON object in each line. */
    public void json(OptionalInt count) throws CaptureRefused {
        run(new WatchJson(), count);
    }

    /** Shows packets until the capture ends, {@code count} are shown, or nobody reads on. */
    private void run(Rendering rendering, OptionalInt count) throws CaptureRefused {
        out.print(rendering.head());
        out.flush();
        int left = count.orElse(Integer.MAX_VALUE);
        boolean unlimited = count.isEmpty();
        while (left > 0 && !out.checkError()) {
            Optional<Frame> frame = capture.next();
            if (frame.isEmpty()) {
                break;
            }
            Optional<Sighting> sighting = capture.linkType().read(frame.get().bytes());
            if (sighting.isPresent()) {
                out.print(rendering.packet(judged(frame.get(), sighting.get())));
                left -= unlimited ? 0 : 1;
            }
        }
        out.print(rendering.foot(capture.missed()));
        out.flush();
    }

    private Seen judged(Frame frame, Sighting sighting) {
        String link = link(sighting);
        Packet packet = sighting.packet();
        return new Seen(frame.at(), link, packet, conduct.judge(frame.at(), link, packet));
    }

    private String link(Sighting sighting) {
        String name =
                sighting.interfaceIndex().isPresent()
                        ? names.computeIfAbsent(sighting.interfaceIndex().getAsInt(), Watch::nameOf)
                        : interfaceName;
        return sighting.vlan().isPresent() ? name + "." + sighting.vlan().getAsInt() : name;
    }

    /** As {@code eth0}; in a file of another machine the number is all there is. */
    private static String nameOf(int index) {
        try {
            NetworkInterface found = NetworkInterface.getByIndex(index);
            return found == null ? "if" + index : found.getName();
        } catch (SocketException _) {
            return "if" + index;
        }
    }
}
