package buoy.lb.postgres;

import buoy.lb.listen.Client;
import buoy.lb.listen.ConnectionFront;
import buoy.lb.listen.Listening;
import buoy.lb.listen.Securing;
import buoy.lb.proxy.Ends;
import buoy.lb.worker.Worker;
import io.netty.channel.socket.DuplexChannel;
import java.time.Duration;
import java.util.Optional;

/**
 * {@code protocol: postgres}: a session for each client that begins as a PostgreSQL client does.
 */
record PostgresFront(Routes routes, Cancels cancels, TlsHabits habits, Duration idle)
        implements ConnectionFront {
    @Override
    public Client accepted(
            Worker worker,
            Listening listening,
            DuplexChannel channel,
            Ends ends,
            Optional<Securing> tls) {
        worker.shareReads(channel);
        Greeting greeting = new Greeting(worker, listening, this, channel, ends, tls);
        greeting.begin();
        return greeting;
    }
}
