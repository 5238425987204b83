"""Sends packets of IP protocol 112 to a host and to the VRRP groups: random bytes, and advertisements with random flaws.

usage: vrrp-noise.py INTERFACE ADDRESS RATE VRID     until standard input closes
(Python because raw sockets need no compiled code there, and Patroni brings it along.)
"""
import os, random, select, socket, struct, sys, time

interface, address, rate, vrid = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
random.seed(112)

four = socket.socket(socket.AF_INET, socket.SOCK_RAW, 112)
four.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton("0.0.0.0"))
four.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, interface.encode())
six = socket.socket(socket.AF_INET6, socket.SOCK_RAW, 112)
six.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, interface.encode())
index = socket.if_nametoindex(interface)


def advertisement():
    """Nearly right: the version, the VRID and the length are plausible, the checksum is not."""
    count = random.choice([0, 1, 2, 255])
    head = struct.pack("!BBBBHH", random.choice([0x21, 0x31, 0x32, 0xf1]), vrid, random.randrange(256), count,
                       random.randrange(65536), random.randrange(65536))
    return head + os.urandom(random.choice([0, 1, 4, 8, 12, 16, 20]))


sent = 0
start = time.monotonic()
print("sending", flush=True)
while not select.select([sys.stdin], [], [], max(0, start + sent / rate - time.monotonic()))[0]:
    packet = os.urandom(random.randrange(0, 1400)) if sent % 2 else advertisement()
    hops = random.choice([255, 255, 1, 64])
    try:
        if sent % 4 == 3:
            six.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_HOPS, hops)
            six.sendto(packet, ("ff02::12", 0, 0, index))
        else:
            four.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, hops)
            four.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, hops)
            four.sendto(packet, (random.choice(["224.0.0.18", address]), 0))
    except OSError as e:
        print("not sent:", e, flush=True)
    sent += 1
print("sent", sent, flush=True)
