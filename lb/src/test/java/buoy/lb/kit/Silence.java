package buoy.lb.kit;

import buoy.lb.journal.Journal;

/** Where nobody listens to access logs. */
public enum Silence implements Journal.Told {
    TOLD;

    @Override
    public void troubled(String to, String why) {}

    @Override
    public void recovered(String to) {}

    @Override
    public void lost(String to, long lines) {}
}
