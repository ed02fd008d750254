"""A proxy that leads wherever CONNECT asks it to, and then harms the connection, by dice that it is given."""

import socket
import struct
import threading
import time

HARMS = ("none", "none", "none", "refused", "cut", "cut", "no reply", "no reply", "late", "slow", "again")


class Proxy:
    def __init__(self, dice):
        self.dice, self.lock, self.counts = dice, threading.Lock(), {}
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            with self.lock:
                harm = self.dice.choice(HARMS)
                self.counts[harm] = self.counts.get(harm, 0) + 1
                # Most exchanges are of a few thousand bytes, half of them the handshake.
                plan = (harm, self.dice.choice((self.dice.randrange(6_000), self.dice.randrange(60_000))),
                        self.dice.random(), self.dice.random() < 0.5)
            threading.Thread(target=Connection(client, *plan).run, daemon=True).start()

    def close(self):
        self.listener.close()


class Connection:
    """`limit` counts the bytes after which something happens; `amount` in 0…1 says how much of it."""

    def __init__(self, client, harm, limit, amount, hard):
        self.client, self.harm, self.limit, self.amount, self.hard = client, harm, limit, amount, hard
        self.server, self.sent, self.passed, self.lock = None, [], 0, threading.Lock()

    def run(self):
        try:
            self.client.settimeout(60)
            address = self.asked()
            if address is None or self.harm == "refused":
                return self.end()
            self.server = socket.create_connection(address, 10)
            self.client.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            back = threading.Thread(target=self.pump, args=(self.server, self.client, False), daemon=True)
            back.start()
            self.pump(self.client, self.server, True)
            back.join()
            if self.harm == "again":
                self.repeat(address)
        except OSError:
            pass
        finally:
            self.end()

    def asked(self):
        head = b""
        while b"\r\n\r\n" not in head:
            data = self.client.recv(1)
            if not data:
                return None
            head += data
        host, port = head.split(b" ")[1].decode().rsplit(":", 1)
        return host, int(port)

    def pump(self, source, target, up):
        try:
            while data := source.recv(65536):
                if up and self.harm == "again":
                    self.sent.append(data)
                if not self.let_through(data, target, up):
                    return
        except OSError:
            pass
        finally:
            try:
                target.shutdown(socket.SHUT_WR)
            except OSError:
                pass

    def let_through(self, data, target, up):
        """False once the connection has ended."""
        with self.lock:
            before, self.passed = self.passed, self.passed + len(data)
        if self.harm == "late":
            time.sleep(self.amount * 0.3)
        elif self.harm == "slow":
            for at in range(0, len(data), 1024):
                target.sendall(data[at:at + 1024])
                time.sleep(self.amount * 0.05)
            return True
        elif self.harm == "cut" and self.passed > self.limit:
            target.sendall(data[:max(0, self.limit - before)])
            self.end()
            return False
        elif self.harm == "no reply" and not up and self.passed > self.limit:
            # What was asked arrives, and its answer never does.
            time.sleep(self.amount)
            self.end()
            return False
        target.sendall(data)
        return True

    def repeat(self, address):
        """Somebody sends all that this client sent once more."""
        with socket.create_connection(address, 10) as other:
            other.settimeout(5)
            for data in self.sent:
                other.sendall(data)
            other.shutdown(socket.SHUT_WR)
            while other.recv(65536):
                pass

    def end(self):
        for end in (self.client, self.server):
            if end is None:
                continue
            try:
                # Either wakes a thread that reads from it; what is open there would not be closed before.
                if self.hard:
                    # A reset, instead of a friendly end.
                    end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    end.shutdown(socket.SHUT_RD)
                else:
                    end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            end.close()
