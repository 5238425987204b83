"""Octets that tell where they belong.

serve            answers GET /PACE/BYTES, and PUT of as many if they are right; PACE slow is 16 MiB a second
make BYTES       writes them
check BYTES      reads them to the end, and says what is wrong
"""
import random, socket, sys, threading, time

STEP = 256 * 1024
PERIOD = 1_000_003  # A prime: whatever is lost, doubled or exchanged moves the rest against it.
PATTERN = random.Random(1).randbytes(PERIOD)
PATTERN += PATTERN[:STEP]


def piece(offset, length):
    at = offset % PERIOD
    return PATTERN[at:at + length]


def body(peer, size, slow, first, room):
    """Whether the size octets that come, the first ones among them, are right."""
    right = first == piece(0, len(first))
    at = len(first)
    while at < size:
        n = peer.recv_into(room, min(size - at, STEP))
        if not n:
            return False
        right = right and bytes(room[:n]) == piece(at, n)
        at += n
        if slow:
            time.sleep(n / (1 << 24))
    return right


def serve(peer):
    room = memoryview(bytearray(STEP))
    head = b''
    while True:
        while b'\r\n\r\n' not in head:
            more = peer.recv(65536)
            if not more:
                return
            head += more
        head, rest = head.split(b'\r\n\r\n', 1)
        method, path, _ = head.split(b'\r\n')[0].split(b' ')
        _, pace, size = path.split(b'/')
        size = int(size)
        slow = pace == b'slow'
        if method == b'GET':
            peer.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n' % size)
            at = 0
            while at < size:
                at += peer.send(piece(at, min(size - at, STEP)))
                if slow:
                    time.sleep(1 / 64)
            head = rest
        else:
            status = b'200 OK' if body(peer, size, slow, rest, room) else b'422 Not What Was Sent'
            peer.sendall(b'HTTP/1.1 %s\r\nContent-Length: 0\r\n\r\n' % status)
            head = b''


def listen():
    listening = socket.create_server(('', 5000), backlog=100)
    print('ready', flush=True)
    while True:
        peer, _ = listening.accept()
        threading.Thread(target=serve, args=(peer,), daemon=True).start()


def make(size):
    for at in range(0, size, STEP):
        sys.stdout.buffer.write(piece(at, min(size - at, STEP)))


def check(size):
    at = 0
    while True:
        got = sys.stdin.buffer.read1(STEP)
        if not got:
            break
        if got != piece(at, len(got)):
            sys.exit(f'wrong between {at} and {at + len(got)}')
        at += len(got)
    if at != size:
        sys.exit(f'{at} in place of {size}')
    print(f'right {size}')


if sys.argv[1] == 'serve':
    listen()
elif sys.argv[1] == 'make':
    make(int(sys.argv[2]))
else:
    check(int(sys.argv[2]))
