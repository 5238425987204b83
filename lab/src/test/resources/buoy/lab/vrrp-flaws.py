"""Sends advertisements of version 3 that are right but for one flaw each, in turn, and CARP.

usage: vrrp-flaws.py INTERFACE SOURCE VRID RATE COUNT KIND...
Prints a line for each kind with how many were sent. (Python: raw sockets need no compiled code there.)
"""
import collections, itertools, socket, struct, sys, time

interface, source, vrid, rate, count = sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4]), int(sys.argv[5])
kinds = sys.argv[6:]
group = "224.0.0.18"

out = socket.socket(socket.AF_INET, socket.SOCK_RAW, 112)
out.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, interface.encode())
out.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(source))
out.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_LOOP, 0)


def checksum(data):
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def summed(message):
    return message[:6] + struct.pack("!H", checksum(message)) + message[8:]


def advertisement(version=3, priority=200, addresses=1, centiseconds=10):
    return summed(struct.pack("!BBBBHH", version << 4 | 1, vrid, priority, addresses, centiseconds, 0)
                  + socket.inet_aton("198.51.100.100") * addresses)


right = advertisement()
messages = {
    "bad-checksum": (255, right[:6] + bytes([right[6] ^ 0x55]) + right[7:]),
    "wrong-version": (255, summed(b"\x21" + right[1:4] + b"\x00\x01\x00\x00" + right[8:] + bytes(8))),
    "wrong-ttl": (254, right),
    "count-zero": (255, advertisement(addresses=0)),
    "interval-zero": (255, advertisement(centiseconds=0)),
    "too-short": (255, right[:10]),
    "carp": (255, summed(struct.pack("!BBBBBBH", 0x21, vrid, 100, 7, 0, 1, 0) + bytes(28))),
}

sent = collections.Counter()
ttl = None
start = time.monotonic()
for number, kind in enumerate(itertools.islice(itertools.cycle(kinds), count)):
    wait = start + number / rate - time.monotonic()
    if wait > 0:
        time.sleep(wait)
    wanted, message = messages[kind]
    if wanted != ttl:
        out.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, wanted)
        ttl = wanted
    out.sendto(message, (group, 0))
    sent[kind] += 1
for kind in kinds:
    print(kind, sent[kind], flush=True)
