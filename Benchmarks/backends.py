"""What real servers on loopback have in common: a folder, a port, a log, and an end."""
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

from servers import BenchmarkError, require


def free_port():
    """One that was just free: most servers cannot choose."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Backend:
    """A server that listens on a port of loopback and logs to its output. `troubles` are the words of its log that none of its
    lines should have."""

    def __init__(self, name, user=None, troubles=()):
        self.name, self.troubles = name, troubles
        self.user = user if os.getuid() == 0 else None
        self.port = free_port()
        self.folder = Path(tempfile.mkdtemp(prefix=f"healthgate-{name}-"))
        if self.user:
            entry = pwd.getpwnam(self.user)
            os.chown(self.folder, entry.pw_uid, entry.pw_gid)
        self.log = self.folder / "log"
        self.process = None
        self.read = 0

    def as_user(self, argv):
        wrap = ["setpriv", f"--reuid={self.user}", f"--regid={self.user}", "--clear-groups"] if self.user else []
        return [*wrap, *map(str, argv)]

    def run(self, *argv, **options):
        """Runs a command of the server's to its end and returns what it prints."""
        done = subprocess.run(self.as_user(argv), cwd=self.folder, capture_output=True, text=True, timeout=120, **options)
        require(done.returncode == 0, f"{argv[0]} ended with {done.returncode}: {done.stdout}{done.stderr}")
        return done.stdout

    def start(self, *argv, says=None, environment=None):
        """Starts the server and waits until it has said so, or else accepts."""
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(self.as_user(argv), cwd=self.folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                            env=os.environ | (environment or {}))
        try:
            for _ in range(3000):
                require(self.process.poll() is None, f"{self.name} ended with {self.process.returncode}: {self.text()[-2000:]}")
                if says in self.text() if says else self.accepts():
                    return
                time.sleep(0.02)
            raise BenchmarkError(f"{self.name} did not start within 60 s: {self.text()[-2000:]}")
        except BaseException:
            self.stop()
            raise

    def accepts(self):
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            return True
        except OSError:
            return False

    def text(self):
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def begin(self):
        """What stands in the log by now is not counted."""
        self.read = len(self.text())

    def complaints(self):
        return [line for line in self.text()[self.read:].splitlines() if any(word in line for word in self.troubles)]

    def clients(self):
        """Connections that it has, by its own words where it has any, but not the one that asks."""
        return sockets_at(self.port)

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def sockets_at(*ports):
    """Server's ends of connections at these ports that are not closed yet."""
    ends, count = {f"{port:04X}" for port in ports}, 0
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):  # a server of both takes those of IPv4 as mapped ones of IPv6
        for line in Path(table).read_text().splitlines()[1:]:
            fields = line.split()
            count += fields[1].rpartition(":")[2] in ends and fields[3] in ("01", "08")  # ESTABLISHED, CLOSE_WAIT
    return count
