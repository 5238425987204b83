package buoy.lab.client;

/** Something a client does over and over. */
interface Role {
    /** Goes on until {@link #stop}, on a thread of its own. */
    void run() throws InterruptedException;

    /** Ends {@link #run} soon; what is under way is awaited. */
    void stop();
}
