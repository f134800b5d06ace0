"""Servers of names, of HTTP, of TLS and of grpc.health.v1, and the certificates that they show."""
import getpass
import shutil
import subprocess
import tempfile
from pathlib import Path

from backends import Backend, free_port, sockets_at
from servers import HERE, require


class Dnsmasq(Backend):
    def __init__(self, *records):
        super().__init__("dnsmasq", troubles=("rror", "ailed", "warning"))
        self.start("dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--pid-file=", "--no-resolv", "--no-hosts",
                   "--bind-interfaces", "--listen-address=127.0.0.1", f"--port={self.port}",
                   f"--user={getpass.getuser()}", "--log-facility=-", "--local=/test/", *records)


class GRPC(Backend):
    """grpcio's health service: "" and `ready` serve, `down` does not."""

    def __init__(self, python):
        super().__init__("grpcio", troubles=("rror", "Traceback"))
        self.start(python, HERE / "peers/grpcio_health.py", self.port)


class Nginx(Backend):
    """HTTP at `port`; over TLS at `sealed` by a certificate of `Certificates`, at `expired` and `soon` by others of the same
    authority, and at `stranger` by one of nobody's."""

    def __init__(self, program, certificates):
        super().__init__("nginx", troubles=("[warn]", "[error]", "[crit]", "[alert]", "[emerg]"))
        self.sealed, self.expired, self.soon, self.stranger = (free_port() for _ in range(4))
        sealed = "".join(f"""
    server {{
        listen 127.0.0.1:{port} ssl;
        ssl_certificate {certificates.path(name)}.pem; ssl_certificate_key {certificates.path(name)}.key;
        location / {{ return 200 'ok\\n'; }}
    }}""" for name, port in (("good", self.sealed), ("expired", self.expired), ("soon", self.soon), ("stranger", self.stranger)))
        (self.folder / "nginx.conf").write_text(f"""daemon off;
worker_processes 1;
pid {self.folder}/pid;
error_log stderr warn;
events {{ }}
http {{
    access_log off;
    client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
    default_type text/plain;
    server {{
        listen 127.0.0.1:{self.port};
        location = /ok {{ return 200 'all is well\\n'; }}
        location = /broken {{ return 500; }}
        location = /none {{ return 404; }}
        location = /moved {{ return 302 http://127.0.0.1:{self.port}/ok; }}
    }}{sealed}
}}
""")
        self.start(program, "-p", self.folder, "-e", "stderr", "-c", self.folder / "nginx.conf")

    def clients(self):
        return sockets_at(self.port, self.sealed, self.expired, self.soon, self.stranger)

    def stop(self):
        # Its worker ends with it only when it is asked to.
        if self.process and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(30)
        super().stop()


class Certificates:
    """One authority, and for 127.0.0.1: `good`, `soon` at its end, `expired`, and `stranger` of no authority."""

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="healthgate-certificates-"))
        self.folder.chmod(0o755)
        self.openssl("req", "-x509", "-days", 30, "-subj", "/CN=authority", "-out", "ca.pem", *self.key("ca"))
        for name, days in (("good", 30), ("soon", 2), ("expired", -1)):
            self.openssl("req", "-subj", f"/CN={name}", "-out", f"{name}.csr", *self.key(name))
            (self.folder / "names").write_text("subjectAltName=IP:127.0.0.1\n")
            self.openssl("x509", "-req", "-in", f"{name}.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-days", days, "-extfile",
                         "names", "-out", f"{name}.pem")
        self.openssl("req", "-x509", "-days", 30, "-subj", "/CN=stranger", "-addext", "subjectAltName=IP:127.0.0.1", "-out",
                     "stranger.pem", *self.key("stranger"))

    def path(self, name):
        return self.folder / name

    @staticmethod
    def key(name):
        return ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", f"{name}.key"]

    def openssl(self, *words):
        done = subprocess.run(["openssl", *map(str, words)], cwd=self.folder, capture_output=True, text=True)
        require(done.returncode == 0, done.stderr)

    def stop(self):
        shutil.rmtree(self.folder, ignore_errors=True)
