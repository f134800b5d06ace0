"""Debian's databases and brokers, each as small as it goes, and what it says of its connections and of its troubles."""
import getpass
import os
import secrets
import socket

from backends import Backend, free_port

POSTGRES = "/usr/lib/postgresql/15/bin"
RABBITMQ = "/usr/lib/rabbitmq/bin"


class Postgres(Backend):
    """The password of `salted` is `pencil`."""

    def __init__(self):
        super().__init__("postgres", "postgres", ("WARNING:", "ERROR:", "FATAL:", "PANIC:", "could not", "incomplete", "EOF"))
        data = self.folder / "data"
        self.run(f"{POSTGRES}/initdb", "-D", data, "-U", "postgres", "-A", "trust", "-N", "-E", "UTF8", "--locale=C")
        (self.folder / "access").write_text("local all all trust\nhost all all 127.0.0.1/32 scram-sha-256\n")
        self.start(f"{POSTGRES}/postgres", "-D", data, "-p", self.port, "-k", self.folder, "-h", "127.0.0.1", "-c",
                   f"hba_file={self.folder}/access", "-c", "fsync=off", "-c", "shared_buffers=16MB",
                   says="ready to accept connections")
        self.sql("CREATE ROLE salted LOGIN PASSWORD 'pencil'")

    def sql(self, text):
        return self.run(f"{POSTGRES}/psql", "-XAt", "-h", self.folder, "-p", self.port, "-U", "postgres", "-c", text)

    def clients(self):
        return int(self.sql("SELECT count(*) - 1 FROM pg_stat_activity WHERE backend_type = 'client backend'"))

    def stop(self):
        # Its children hold memory that only an orderly end gives back.
        if self.process and self.process.poll() is None:
            self.process.send_signal(3)
            self.process.wait(30)
        super().stop()


class MariaDB(Backend):
    """The password of `native` and `watcher` is `pencil`; the latter may ask for replication."""

    small = ["--innodb-buffer-pool-size=8M", "--innodb-log-file-size=4M", "--innodb-flush-log-at-trx-commit=0",
             "--innodb-flush-method=nosync", "--innodb-doublewrite=OFF", "--skip-name-resolve"]

    def __init__(self):
        super().__init__("mariadb", "mysql", ("[Warning]", "[ERROR]"))
        data = f"--datadir={self.folder}/data"
        self.run("mariadb-install-db", "--no-defaults", data, "--auth-root-authentication-method=normal", "--skip-test-db",
                 *self.small)
        self.start("mariadbd", "--no-defaults", data, f"--port={self.port}", "--bind-address=127.0.0.1",
                   f"--socket={self.folder}/socket", f"--pid-file={self.folder}/pid", "--log-warnings=2", *self.small,
                   says="ready for connections")
        self.sql("CREATE USER watcher@'127.0.0.1' IDENTIFIED BY 'pencil'; GRANT REPLICA MONITOR ON *.* TO watcher@'127.0.0.1'; "
                 "CREATE USER native@'127.0.0.1' IDENTIFIED BY 'pencil'")

    def sql(self, text):
        return self.run("mariadb", "--no-defaults", "-u", "root", "-S", f"{self.folder}/socket", "-NBe", text)

    def status(self, name):
        return int(self.sql(f"SHOW GLOBAL STATUS LIKE '{name}'").split()[-1])

    def clients(self):
        return self.status("Threads_connected") - 1


class Redis(Backend):
    def __init__(self, password=""):
        super().__init__("redis", troubles=(" # ",))
        self.environment = {"REDISCLI_AUTH": password} if password else {}
        self.start("redis-server", "--save", "", "--dir", self.folder, "--bind", "127.0.0.1", "--port", self.port,
                   "--requirepass", password, says="Ready to accept connections")

    def clients(self):
        said = self.run("redis-cli", "-p", self.port, "info", "clients", env=os.environ | self.environment)
        return next(int(line.split(":")[1]) for line in said.splitlines() if line.startswith("connected_clients:")) - 1


class Memcached(Backend):
    def __init__(self):
        super().__init__("memcached", troubles=("rror", "ailed"))
        self.start("memcached", "-l", "127.0.0.1", "-p", self.port, "-u", "nobody" if os.getuid() == 0 else getpass.getuser(), "-v")
        self.listening = self.current()

    def current(self):
        with socket.create_connection(("127.0.0.1", self.port), timeout=5) as peer:
            peer.sendall(b"stats\r\n")
            said = b""
            while not said.endswith(b"END\r\n"):
                said += peer.recv(4096)
        return int(said.split(b"STAT curr_connections ")[1].split()[0])

    def clients(self):
        """It counts what it listens on too."""
        return self.current() - self.listening


class RabbitMQ(Backend):
    """With Erlang's table of names, which the broker would start by itself and leave behind."""

    def __init__(self):
        super().__init__("rabbitmq", troubles=("[warning]", "[error]"))
        self.names = Backend("epmd")
        self.names.start("epmd", "-port", self.names.port, "-address", "127.0.0.1")
        (self.folder / "plugins").write_text("[].\n")
        (self.folder / "rabbitmq.conf").write_text("")
        self.environment = {
            "RABBITMQ_NODENAME": f"healthgate{self.port}@localhost", "RABBITMQ_MNESIA_BASE": str(self.folder),
            "RABBITMQ_LOG_BASE": str(self.folder), "RABBITMQ_ENABLED_PLUGINS_FILE": f"{self.folder}/plugins",
            "RABBITMQ_CONFIG_FILE": f"{self.folder}/rabbitmq", "RABBITMQ_CONF_ENV_FILE": "/dev/null",
            "ERL_EPMD_PORT": str(self.names.port), "HOME": str(self.folder), "RABBITMQ_NODE_PORT": str(self.port),
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1", "RABBITMQ_DIST_PORT": str(free_port()), "RABBITMQ_LOGS": "-",
            "RUNNING_UNDER_SYSTEMD": "1",  # its script then becomes the broker
        }
        self.password = secrets.token_hex(8)
        self.start(f"{RABBITMQ}/rabbitmq-server", says="Server startup complete", environment=self.environment)
        for words in (["add_user", "watcher", self.password], ["set_permissions", "watcher", "", ".*", ""]):
            self.run(f"{RABBITMQ}/rabbitmqctl", *words, env=os.environ | self.environment)

    def stop(self):
        super().stop()
        self.names.stop()
