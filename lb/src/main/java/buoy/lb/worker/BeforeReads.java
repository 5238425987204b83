package buoy.lb.worker;

/** Called before each batch of reads from a connection. It must not close the connection. */
public interface BeforeReads {
    /**
     * Takes from the socket what it wants.
     *
     * @return whether reading is to go on with whatever is left; else little is read this time
     */
    boolean goesOn();
}
