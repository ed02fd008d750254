"""The two programs on folders of their own: how they are started, ended, and what they say."""

import json
import os
import re
import signal
import subprocess
import tempfile
import threading
import time

# No command takes longer, on a slow machine either.
PATIENCE = 120


class Breach(Exception):
    """A promise that was not kept."""


class Outcome:
    """How a command ended, and what it said."""

    def __init__(self, command, status, out, err):
        self.command, self.status, self.out, self.err = command, status, out, err

    @property
    def killed(self):
        return self.status == -signal.SIGKILL

    @property
    def document(self):
        return json.loads(self.out)

    @property
    def code(self):
        """The code of the one error that was told; None where the last line is no error of the contract."""
        for line in reversed(self.err.strip().splitlines()):
            try:
                error = json.loads(line)["error"]
                return error["code"] if error["message"] and error["remedy"] else None
            except (ValueError, KeyError, TypeError):
                return None
        return None

    def __str__(self):
        return f"{' '.join(self.command)}: status {self.status}\n{self.out[-500:]}\n{self.err[-1500:]}"


class Running:
    """A program at work. What it says goes to files: a full pipe would stop it."""

    def __init__(self, command, environment=None, text=None):
        self.command = command
        self.out, self.err = tempfile.TemporaryFile(), tempfile.TemporaryFile()
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE if text is not None else subprocess.DEVNULL,
            stdout=self.out, stderr=self.err, env=environment)
        if text is not None:
            try:
                self.process.stdin.write(text.encode())
                self.process.stdin.close()
            except BrokenPipeError:
                pass

    def kill(self, by=signal.SIGKILL):
        if self.process.poll() is None:
            self.process.send_signal(by)

    def said(self, file):
        return os.pread(file.fileno(), 1 << 26, 0).decode(errors="replace")

    def wait(self, patience=PATIENCE):
        try:
            status = self.process.wait(patience)
        except subprocess.TimeoutExpired:
            self.kill()
            self.process.wait()
            raise Breach(f"no end within {patience} s: {' '.join(self.command)}\n{self.said(self.err)}") from None
        return Outcome(self.command, status, self.said(self.out), self.said(self.err))


class Stage:
    """A folder for one run, and everything that was started in it."""

    def __init__(self, folder, programs):
        self.folder, self.programs = folder, programs
        self.environment = {
            key: value for key, value in os.environ.items()
            if key.lower() not in ("https_proxy", "no_proxy", "voordracht_home")}
        self.environment.update(LC_ALL="C.UTF-8", LANG="C.UTF-8", SWIFT_BACKTRACE="enable=no")
        self.started, self.lock, self.is_over = [], threading.Lock(), False
        self.server = Server(self)
        os.makedirs(folder, exist_ok=True)

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def start(self, command, environment=None, text=None):
        with self.lock:
            # A thread that is still at work starts nothing that nobody would end.
            if self.is_over:
                raise Breach("the run is over")
            running = Running(command, {**self.environment, **(environment or {})}, text)
            self.started = [other for other in self.started if other.process.poll() is None] + [running]
        return running

    def end(self):
        with self.lock:
            self.is_over = True
        for running in self.started:
            running.kill()
            running.process.wait()


class Server:
    """The server's folder, and the program that serves it."""

    def __init__(self, stage):
        self.stage, self.running, self.port = stage, None, 0
        self.environment = {}

    @property
    def program(self):
        return os.path.join(self.stage.programs, "voordracht-server")

    @property
    def data(self):
        return self.stage.path("server")

    def run(self, *arguments, data=None):
        command = [self.program, *arguments, "--data", data or self.data]
        return self.stage.start(command, self.environment).wait()

    def must(self, *arguments):
        outcome = self.run(*arguments)
        if outcome.status != 0:
            raise Breach(f"the server's command failed: {outcome}")
        return outcome

    def start(self, environment=None):
        """At the port of the first start, a free one then."""
        command = [self.program, "serve", "--listen", f"127.0.0.1:{self.port}", "--data", self.data]
        self.running = self.stage.start(command, {**self.environment, **(environment or {})})
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            found = re.search(r"^listening on https://.*:(\d+)$", self.running.said(self.running.out), re.M)
            if found:
                self.port = int(found[1])
                return self
            if self.running.process.poll() is not None:
                break
            time.sleep(0.01)
        raise Breach(f"the server did not start: {self.running.wait(1)}")

    def end(self, by=signal.SIGTERM):
        running, self.running = self.running, None
        if running is None:
            return None
        running.kill(by)
        return running.wait()

    def link(self, *arguments):
        return self.must("invite", "--json", *arguments).document


class Device:
    """One replica's folder, and the program on it."""

    def __init__(self, stage, name, home=None):
        self.stage, self.name, self.home = stage, name, home or stage.path(name)
        # What stands before the program, as a clock that is wrong.
        self.environment, self.prefix = {}, ()

    def start(self, *arguments, text=None, environment=None):
        command = [*self.prefix, os.path.join(self.stage.programs, "voordracht"), *arguments, "--home", self.home]
        return self.stage.start(command, {**self.environment, **(environment or {})}, text)

    def run(self, *arguments, text=None, environment=None):
        return self.start(*arguments, text=text, environment=environment).wait()

    def must(self, *arguments, text=None):
        outcome = self.run(*arguments, text=text)
        if outcome.status != 0:
            raise Breach(f"{self.name}: {outcome}")
        return outcome

    def read(self, *arguments):
        return self.must(*arguments, "--json").document
