/**
 * The Linux kernel in our words: raw sockets, netlink, polling, signals, scheduling. Numbers and
 * byte arrays only cross the border to C ({@link buoy.linux.Posix}); structures are laid out by the
 * pure package {@code buoy.linux.layout}.
 *
 * <p>{@link buoy.linux.Kernel} is loaded once and handed to the rest. A refusal of the kernel is a
 * {@link buoy.linux.SyscallFailed}, which names call, subject, reason and remedy. 64-bit Linux
 * alone, x86-64 and AArch64.
 */
@NullMarked
package buoy.linux;

import org.jspecify.annotations.NullMarked;
