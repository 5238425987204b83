package buoy.lb;

import buoy.lb.journal.Journal;

/** What access logs have to say, as events of the balancer. */
record JournalEvents(BalancerObserver observer) implements Journal.Told {
    @Override
    public void troubled(String to, String why) {
        observer.event(new BalancerEvent.AccessLogTroubled(to, why));
    }

    @Override
    public void recovered(String to) {
        observer.event(new BalancerEvent.AccessLogRecovered(to));
    }

    @Override
    public void lost(String to, long lines) {
        observer.event(new BalancerEvent.AccessLinesLost(to, lines));
    }
}
