"""Database servers of the tests' own: started on a free port of 127.0.0.1, stopped and removed by who started them."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

WAIT = 600


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _account() -> dict[str, object]:
    """As whom a server runs: it refuses to be root."""
    if os.geteuid() != 0:
        return {}
    try:
        found = pwd.getpwnam("nobody")
    except KeyError:
        pytest.skip("there is no user 'nobody' to run a server as")
    return {"user": found.pw_uid, "group": found.pw_gid, "extra_groups": []}


@contextmanager
def _folder(account: dict[str, object]) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="kg-server-"))
    if account:
        os.chown(folder, account["user"], account["group"])
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _running(
    command: list[str], account: dict[str, object], folder: Path, is_ready: Callable[[], bool]
) -> Iterator[None]:
    log = folder / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, cwd=folder, **account)
    try:
        end = time.monotonic() + WAIT
        while not is_ready():
            if process.poll() is not None or time.monotonic() > end:
                raise AssertionError(log.read_text(errors="replace")[-2000:])
            time.sleep(0.05)
        yield
    finally:
        process.terminate()
        process.wait(WAIT)


def _called(command: list[str], account: dict[str, object], folder: Path) -> None:
    done = subprocess.run(command, capture_output=True, text=True, cwd=folder, check=False, **account)
    assert done.returncode == 0, done.stderr


@contextmanager
def postgresql() -> Iterator[int]:
    """A server of PostgreSQL with the user `tester`, whose password is `secret`; its port."""
    places = [Path(shutil.which("postgres") or "/").parent, *sorted(Path("/usr/lib/postgresql").glob("*/bin"))]
    programs = next((place for place in places[::-1] if (place / "initdb").exists()), None)
    if programs is None:
        pytest.skip("PostgreSQL is absent")
    psycopg = pytest.importorskip("psycopg", reason="the extra zellige[tables] is not installed")
    account = _account()
    with _folder(account) as folder:
        (folder / "password").write_text("secret")
        if account:
            os.chown(folder / "password", account["user"], account["group"])
        make = [str(programs / "initdb"), "-D", str(folder / "data"), "-U", "tester", "--no-sync", "-E", "UTF8"]
        _called([*make, "--locale=C", "--auth=scram-sha-256", f"--pwfile={folder / 'password'}"], account, folder)
        port = free_port()
        settings = {"listen_addresses": "127.0.0.1", "port": port, "unix_socket_directories": folder, "fsync": "off"}
        command = [str(programs / "postgres"), "-D", str(folder / "data")]
        command += [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]

        def is_ready() -> bool:
            try:
                connection_to(psycopg, port).close()
            except psycopg.OperationalError:
                return False
            return True

        with _running(command, account, folder, is_ready):
            yield port


def connection_to(psycopg: object, port: int) -> object:
    return psycopg.connect(
        host="127.0.0.1", port=port, user="tester", password="secret", dbname="postgres", autocommit=True
    )


@contextmanager
def mariadb() -> Iterator[int]:
    """A server of MariaDB with the user `tester`, whose password is `secret`, and a database `facts`; its port."""
    server = shutil.which("mariadbd") or shutil.which("mariadbd", path="/usr/sbin")
    make = shutil.which("mariadb-install-db")
    if server is None or make is None:
        pytest.skip("MariaDB is absent")
    pymysql = pytest.importorskip("pymysql", reason="the extra zellige[tables] is not installed")
    account = _account()
    with _folder(account) as folder:
        data = folder / "data"
        common = ["--no-defaults", f"--datadir={data}"]
        _called([make, *common, "--auth-root-authentication-method=normal", "--skip-test-db"], account, folder)
        start = folder / "start.sql"
        start.write_text(
            "CREATE DATABASE facts CHARACTER SET utf8mb4;\n"
            "CREATE USER tester@'127.0.0.1' IDENTIFIED BY 'secret';\n"
            "GRANT ALL ON facts.* TO tester@'127.0.0.1';\n"
        )
        port = free_port()
        command = [server, *common, f"--socket={folder / 'socket'}", f"--port={port}", "--bind-address=127.0.0.1"]
        command += [f"--init-file={start}", "--innodb-flush-log-at-trx-commit=0", "--skip-name-resolve"]

        def is_ready() -> bool:
            try:
                pymysql.connect(host="127.0.0.1", port=port, user="tester", password="secret", database="facts").close()
            except pymysql.OperationalError:
                return False
            return True

        with _running(command, account, folder, is_ready):
            yield port
