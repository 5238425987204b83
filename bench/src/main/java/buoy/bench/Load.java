package buoy.bench;

/**
 * What was counted in one turn.
 *
 * @param requests answered
 * @param seconds it took
 * @param errors answers that were not 2xx or 3xx, and connections or streams that failed
 * @param p50 half the requests took no longer, in microseconds; NaN where that is not told
 * @param p99 in microseconds
 */
record Load(long requests, double seconds, long errors, double p50, double p99) {
    double requestsPerSecond() {
        return requests / seconds;
    }
}
