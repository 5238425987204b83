package buoy.daemon;

import buoy.daemon.acme.Orders;
import buoy.daemon.admin.DoorLoop;
import buoy.daemon.events.Events;
import buoy.daemon.heap.Eden;
import buoy.daemon.log.Log;
import buoy.daemon.notify.Notifier;
import buoy.daemon.peer.Peers;
import buoy.daemon.track.Trackers;
import buoy.daemon.track.WorkerWatch;
import buoy.lb.Balancer;
import buoy.tls.Challenges;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;

/**
 * What a running Buoy consists of, the doors for operators aside. Made by {@link Wiring}, used by
 * {@link Daemon}.
 *
 * @param end completed when the process is to exit, with what it exits with: by the graceful end,
 *     or by a bug in VRRP, which has given the addresses up and leaves nothing to be graceful about
 */
record Parts(
        Log log,
        ServiceManager serviceManager,
        Balancer balancer,
        VirtualRouters routers,
        Handover handover,
        WorkerWatch watch,
        Trackers trackers,
        Challenges challenges,
        Orders orders,
        Peers peers,
        Notifier notifier,
        DoorLoop doorLoop,
        Events events,
        Eden eden,
        CompletableFuture<ExitCode> end,
        String host,
        Instant startedAt) {}
