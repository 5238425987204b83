package buoy.daemon;

import buoy.daemon.admin.DoorLoop;
import buoy.daemon.log.Log;
import buoy.lb.Balancer;
import java.time.Instant;

/**
 * What a running Buoy consists of, the doors for operators aside. Made by {@link Wiring}, used by
 * {@link Daemon}.
 */
record Parts(
        Log log,
        ServiceManager serviceManager,
        Balancer balancer,
        VirtualRouters routers,
        WorkerWatch watch,
        DoorLoop doorLoop,
        String host,
        Instant startedAt) {}
