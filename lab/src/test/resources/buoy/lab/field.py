"""What a balancer asks and is told, each from a file in DIRECTORY that a test may change:  python3 field.py DIRECTORY

An agent at 9999 (agent), Patroni at 8008 (the last number of the address asked: 66, 67), and 64 MiB at 5000.
"""

import http.server
import pathlib
import socketserver
import sys
import threading

directory = pathlib.Path(sys.argv[1])


class Agent(socketserver.StreamRequestHandler):
    def handle(self):
        self.wfile.write((directory / "agent").read_bytes() + b"\n")


class Patroni(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = (directory / self.connection.getsockname()[0].rpartition(".")[2]).read_bytes()
        is_primary = b'"primary"' in body
        self.send_response(200 if is_primary == self.path.startswith("/primary") else 503)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Big(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", str(64 << 20))
        self.end_headers()
        for _ in range(64):
            self.wfile.write(bytes(1 << 20))

    def log_message(self, *_):
        pass


socketserver.ThreadingTCPServer.daemon_threads = True
for server in (
    socketserver.ThreadingTCPServer(("0.0.0.0", 9999), Agent),
    http.server.ThreadingHTTPServer(("0.0.0.0", 8008), Patroni),
    http.server.ThreadingHTTPServer(("0.0.0.0", 5000), Big),
):
    threading.Thread(target=server.serve_forever).start()
print("serving", flush=True)
