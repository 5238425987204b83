"""A scripted origin over TLS: an application, or Keycloak as far as a balancer sees it.

    python3 origin.py NAME (app|sso) DIRECTORY

The directory has ca.crt, site.crt and site.key, and in sessions/ what Keycloak's nodes keep in their database. As Keycloak does, a
sign-on sets AUTH_SESSION_ID to the session, a dot and the node's name; a node that is asked for a session of another node finds it in
the database and goes on with it under its own name. Every answer says in JSON who gave it and what the proxy told it.
"""

import http.cookies
import http.server
import json
import pathlib
import ssl
import sys
import threading
import uuid

name, kind, directory = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])
sessions = directory / "sessions"


class Origin(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        told = {key.lower(): value for key, value in self.headers.items() if key.lower().startswith("x-forwarded-")}
        said = {"server": name, "status": "ok", "told": told}
        cookies = []
        if kind == "sso" and self.path.startswith("/realms/"):
            # Keycloak with proxy-headers=xforwarded: its URLs are those that the browser sees.
            said["issuer"] = f"{told.get('x-forwarded-proto')}://{told.get('x-forwarded-host')}/realms/demo"
            said["session"], said["began"], cookies = self.session()
        body = (json.dumps(said) + "\n").encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("X-Server", name)
        for cookie in cookies:
            self.send_header("Set-Cookie", cookie)
        self.end_headers()
        self.wfile.write(body)

    def session(self):
        sent = http.cookies.SimpleCookie(self.headers.get("Cookie", "")).get("AUTH_SESSION_ID")
        number, _, route = sent.value.rpartition(".") if sent else ("", "", "")
        began = not (number and (sessions / number).exists())
        if began:
            number = str(uuid.uuid4())
            (sessions / number).touch()
        if not began and route == name:
            return number, began, []
        return number, began, [f"AUTH_SESSION_ID={number}.{name}; Version=1; Path=/realms/demo/; SameSite=None; Secure; HttpOnly"]

    def log_message(self, *_):
        pass


def serve(port):
    server = http.server.ThreadingHTTPServer(("0.0.0.0", port), Origin)
    server.daemon_threads = True
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(directory / "site.crt", directory / "site.key")
    # The handshake is the connection's own affair, in its own thread.
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=server.serve_forever).start()


serve(8443)
if kind == "sso":
    serve(9000)
print("serving", flush=True)
