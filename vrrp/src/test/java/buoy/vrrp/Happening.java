package buoy.vrrp;

import java.time.Duration;

/** What may happen in a {@link History}. */
sealed interface Happening {
    /** To one of its members, counted from 0. */
    record To(int member, What what) implements Happening {}

    /** All hear each other again. */
    record Heal() implements Happening {}

    /** From now on this part of all datagrams is lost. */
    record Lose(double part) implements Happening {}

    /** A router that nobody knows of advertises once. */
    record Stranger(int priority) implements Happening {}

    /** What may happen to one host. */
    sealed interface What {
        /** The process stands still (SIGSTOP, a long collection); its kernel does not. */
        record Freeze() implements What {}

        record Thaw() implements What {}

        /** The whole machine stands still, its clock too. */
        record Pause() implements What {}

        record GoOn() implements What {}

        /** The process is gone without a word. */
        record Kill() implements What {}

        /** The process is told to end. */
        record Stop() implements What {}

        /** A process starts, in the place of whatever was there. */
        record Start() implements What {}

        /** From now on it is heard, and hears, in that segment only. */
        record Cut(int segment) implements What {}

        record Unplug() implements What {}

        record Plug() implements What {}

        /** Its configuration says something else. */
        record Reload(int priority, Duration interval) implements What {}

        /** The pool it tracks has servers, or none. */
        record Pool(boolean up) implements What {}

        /** Somebody removes the virtual address there. */
        record Remove() implements What {}

        /** Its kernel refuses calls of that kind from now on. */
        record Refuse(String call) implements What {}

        /** It refuses nothing any more, and the link says so. */
        record Allow() implements What {}

        /** What is no advertisement, or none for it, arrives. */
        record Garbage() implements What {}
    }

    /** A datagram that is discarded is no excuse for anything. */
    default boolean isHarmless() {
        return this instanceof To(_, What.Garbage _);
    }

    /** Only what routers go by changes: the addresses may move, but never be gone. */
    default boolean isPlanned() {
        return this instanceof To(_, var what)
                && (what instanceof What.Pool || what instanceof What.Reload);
    }
}
