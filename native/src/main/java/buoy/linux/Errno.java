package buoy.linux;

import java.io.Serializable;

/**
 * The number a failed system call leaves behind. The numbers are Linux's own, the same on x86-64
 * and AArch64.
 */
public record Errno(int number) implements Serializable {
    public static final Errno EPERM = new Errno(1);
    public static final Errno ENOENT = new Errno(2);
    public static final Errno ESRCH = new Errno(3);
    public static final Errno EINTR = new Errno(4);
    public static final Errno EAGAIN = new Errno(11);
    public static final Errno ENOMEM = new Errno(12);
    public static final Errno EACCES = new Errno(13);
    public static final Errno EBUSY = new Errno(16);
    public static final Errno EEXIST = new Errno(17);
    public static final Errno ENODEV = new Errno(19);
    public static final Errno EINVAL = new Errno(22);
    public static final Errno EMFILE = new Errno(24);
    public static final Errno ENODATA = new Errno(61);
    public static final Errno ENOPROTOOPT = new Errno(92);
    public static final Errno EAFNOSUPPORT = new Errno(97);
    public static final Errno EADDRNOTAVAIL = new Errno(99);
    public static final Errno ENETDOWN = new Errno(100);
    public static final Errno ENETUNREACH = new Errno(101);
    public static final Errno ENOBUFS = new Errno(105);
    public static final Errno ETIMEDOUT = new Errno(110);
    public static final Errno EHOSTUNREACH = new Errno(113);

    /** The name, as {@code EPERM}; {@code errno 200} for one we have no name for. */
    public String name() {
        return switch (number) {
            case 1 -> "EPERM";
            case 2 -> "ENOENT";
            case 3 -> "ESRCH";
            case 4 -> "EINTR";
            case 5 -> "EIO";
            case 6 -> "ENXIO";
            case 9 -> "EBADF";
            case 11 -> "EAGAIN";
            case 12 -> "ENOMEM";
            case 13 -> "EACCES";
            case 14 -> "EFAULT";
            case 16 -> "EBUSY";
            case 17 -> "EEXIST";
            case 19 -> "ENODEV";
            case 20 -> "ENOTDIR";
            case 21 -> "EISDIR";
            case 22 -> "EINVAL";
            case 23 -> "ENFILE";
            case 24 -> "EMFILE";
            case 28 -> "ENOSPC";
            case 30 -> "EROFS";
            case 32 -> "EPIPE";
            case 34 -> "ERANGE";
            case 38 -> "ENOSYS";
            case 61 -> "ENODATA";
            case 88 -> "ENOTSOCK";
            case 90 -> "EMSGSIZE";
            case 92 -> "ENOPROTOOPT";
            case 93 -> "EPROTONOSUPPORT";
            case 95 -> "EOPNOTSUPP";
            case 97 -> "EAFNOSUPPORT";
            case 98 -> "EADDRINUSE";
            case 99 -> "EADDRNOTAVAIL";
            case 100 -> "ENETDOWN";
            case 101 -> "ENETUNREACH";
            case 105 -> "ENOBUFS";
            case 110 -> "ETIMEDOUT";
            case 111 -> "ECONNREFUSED";
            case 113 -> "EHOSTUNREACH";
            default -> "errno " + number;
        };
    }

    @Override
    public String toString() {
        return name();
    }
}
