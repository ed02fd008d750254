"""A proxy on a free loopback port that knows the method CONNECT and nothing else.

    proxy.py tunnel               leads wherever it is asked to
    proxy.py refuse               says 403 to everybody
    proxy.py login USER:PASSWORD  leads whoever gives these
    proxy.py detour PORT          leads everybody to that loopback port, as one does that opens TLS

It prints its port, and then each address that it was asked for.
"""

import base64
import socket
import sys
import threading


def pump(source, target):
    try:
        while data := source.recv(65536):
            target.sendall(data)
    except OSError:
        pass
    finally:
        for end in (source, target):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


def serve(client, mode, detail):
    head = b""
    while b"\r\n\r\n" not in head:
        data = client.recv(65536)
        if not data:
            return
        head += data
    lines = head.decode("latin-1").split("\r\n")
    method, address, _ = lines[0].split(" ")
    print(method, address, flush=True)
    if mode == "refuse":
        client.sendall(b"HTTP/1.1 403 Forbidden\r\n\r\n")
        return client.close()
    if mode == "login":
        wanted = "Proxy-Authorization: Basic " + base64.b64encode(detail.encode()).decode()
        if wanted not in lines:
            client.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n")
            return client.close()
    host, port = address.rsplit(":", 1)
    if mode == "detour":
        host, port = "127.0.0.1", detail
    server = socket.create_connection((host.strip("[]"), int(port)))
    client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
    threading.Thread(target=pump, args=(server, client), daemon=True).start()
    pump(client, server)


def main():
    mode, detail = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else ""
    listener = socket.create_server(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)
    while True:
        client, _ = listener.accept()
        threading.Thread(target=serve, args=(client, mode, detail), daemon=True).start()


main()
