package buoy.linux;

import jnr.ffi.annotations.In;
import jnr.ffi.annotations.Out;

/**
 * The C functions we call, as JNR-FFI binds them: the one JNR interface of the program.
 *
 * <p>Numbers and byte arrays only. A {@code Struct}, a callback or a variable argument list would
 * make JNR generate classes at run time, which a native image cannot; so layouts are built in
 * {@code buoy.linux.layout}, and where the kernel wants pointers inside a structure the block lives
 * in memory of {@link #malloc} and bytes move by the two {@code memcpy}. Sizes are those of 64-bit
 * Linux.
 *
 * <p>Results are C's: -1 and errno on failure. {@link Kernel} turns those into {@link
 * SyscallFailed}; nobody else calls this.
 */
interface Posix {
    int socket(int domain, int type, int protocol);

    int bind(int fd, @In byte[] address, int length);

    int setsockopt(int fd, int level, int name, @In byte[] value, int length);

    int getsockname(int fd, @Out byte[] address, @In @Out int[] length);

    long sendto(int fd, @In byte[] data, long length, int flags, @In byte[] address, int size);

    /** With both addresses 0 where the sender does not matter. */
    long recvfrom(int fd, @Out byte[] data, long length, int flags, long address, long size);

    /** The {@code msghdr}, and what it points to, lie in memory of {@link #malloc}. */
    long sendmsg(int fd, long message, int flags);

    /** The {@code msghdr}, and what it points to, lie in memory of {@link #malloc}. */
    long recvmsg(int fd, long message, int flags);

    long malloc(long size);

    void free(long memory);

    long memcpy(long to, @In byte[] from, long count);

    long memcpy(@Out byte[] to, long from, long count);

    int ppoll(@In @Out byte[] entries, long count, @In byte[] timeout, long signalMask);

    int eventfd(int initial, int flags);

    long read(int fd, @Out byte[] data, long count);

    long write(int fd, @In byte[] data, long count);

    /**
     * The path ends with a zero byte. Variadic in C; three integers pass alike on the ABIs we know.
     */
    int open(@In byte[] path, int flags, int mode);

    int close(int fd);

    int flock(int fd, int operation);

    int setns(int fd, int type);

    int sched_setscheduler(int thread, int policy, @In byte[] parameter);

    int sched_getscheduler(int thread);

    int mlockall(int flags);

    int madvise(long start, long length, int advice);

    int getrlimit(int resource, @Out byte[] limits);

    int setrlimit(int resource, @In byte[] limits);

    int getpid();

    int geteuid();

    int kill(int process, int signal);

    int pipe2(@Out int[] ends, int flags);

    int inotify_init1(int flags);

    int inotify_add_watch(int fd, @In byte[] path, int mask);

    int inotify_rm_watch(int fd, int watch);

    /**
     * Returns the error itself. {@code found} is a pointer, 0 if there is no such user; the
     * pointers in {@code entry} lead to memory that is gone when this returns.
     */
    int getpwnam_r(
            @In byte[] name, @Out byte[] entry, @Out byte[] text, long size, @Out byte[] found);

    /** As {@link #getpwnam_r}, of a group. */
    int getgrnam_r(
            @In byte[] name, @Out byte[] entry, @Out byte[] text, long size, @Out byte[] found);

    /**
     * {@code groups} are 4 bytes each; {@code count} has room for how many, and how many there are.
     */
    int getgrouplist(@In byte[] user, int group, @Out byte[] groups, @In @Out int[] count);

    long getxattr(@In byte[] path, @In byte[] name, @Out byte[] value, long size);

    /** A copy outside the heap: its address, or 0. */
    long strdup(@In byte[] text);

    /** {@code arguments}: a pointer for each, and a zero at the end. Returns only what failed. */
    int execv(@In byte[] path, @In byte[] arguments);

    /** Variadic in C; a number and two integers pass alike on the ABIs we know. */
    long syscall(long number, long first, long second);

    /** Variadic in C; five integers pass alike on the ABIs we know. */
    int prctl(int option, long first, long second, long third, long fourth);
}
