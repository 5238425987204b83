package buoy.lb.listen;

import buoy.config.model.Listener;
import buoy.lb.pool.Pool;
import java.util.Map;

/**
 * Makes the fronts of HTTP listeners. One object for the whole process, so what must survive a
 * reload (each worker's idle server connections) is kept here.
 */
public interface HttpFronts {
    /**
     * A front for this configuration of a listener.
     *
     * @param pools every pool that its routes name
     */
    Front front(Listener.Http listener, Map<String, Pool> pools);
}
