package buoy.daemon.peer;

import buoy.daemon.peer.wire.Message;
import java.util.List;

/** What is shared between hosts, as this one has it. Any thread; must not wait for the network. */
public interface Shared {
    /** Everything this host has to tell. */
    List<Message> all();

    /**
     * Another host said this.
     *
     * @param host its name, for people
     * @param instance the process there
     */
    void heard(String host, String instance, Message message);

    /** The connection by which this process was heard has ended. */
    void gone(String instance);
}
