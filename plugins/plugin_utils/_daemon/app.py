# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""The management daemon: its options, and how its parts are put together."""

from __future__ import annotations

import asyncio
import contextlib
import grp
import logging
import os
import socket
import threading
import time

import click

from ...module_utils._client.endpoint import PORT, is_remote
from ...module_utils._schema.errors import CairnError, DriverError
from .._api.app import application
from .._api.metrics import Metrics
from .._api.resources import Resources
from .._api.work import Work
from .._settings import Settings, settings
from .._wiring import now
from .engine import Engine
from .logs import configure
from .server import Doors, serve

# Seconds between two looks at jobs that nobody works on, between two tries to store what came of jobs, and how long
# running ones are waited for at the end.
LOOK = 60.0
RETRY = 5.0
LEAVING = 20.0
log = logging.getLogger("cairn.daemon")


@click.command(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option("--socket", "socket_", metavar="PATH", help="Listen at this socket, for users of this machine.")
@click.option("--group", metavar="NAME", help="The group whose members may use the socket, besides root.")
@click.option("--listen", metavar="HOST:PORT", help="Listen there by TLS, for who has a key.")
@click.option("--certificate", metavar="FILE", help="The certificate for --listen, with those that it is signed by.")
@click.option("--private-key", metavar="FILE", help="The private key of the certificate.")
@click.option(
    "--log-level", type=click.Choice(["debug", "info", "warning", "error"]), default="info", show_default=True
)
def daemon(
    socket_: str | None,
    group: str | None,
    listen: str | None,
    certificate: str | None,
    private_key: str | None,
    log_level: str,
) -> None:
    """Serve a cairn.cloud to other users and machines. CAIRN_API_URL or the configuration names its database."""
    try:
        configure(log_level)
        doors = Doors(socket_, _group(group), _address(listen), certificate, private_key)
        _check(doors)
        run(_settings(), doors)
    except CairnError as error:
        raise click.ClickException(error.sentence) from None


def run(where: Settings, doors: Doors) -> None:
    """Serve until told to stop. Raises CairnError."""
    engine = Engine(where)
    database = engine.database
    work = Work(cloud=engine.cloud, jobs=database.jobs, lease=database.lease, clock=now, tick=time.monotonic)
    metrics = Metrics(work.running, engine.hosts.idle)
    work.ended = metrics.ended
    app = application(
        work,
        Resources(engine.cloud),
        healthy=engine.healthy,
        named=engine.key_named,
        metrics=metrics,
        group=doors.group,
    )
    work.start()
    stopped = threading.Event()

    def ready() -> None:
        # Jobs are begun by a daemon that can be asked about them.
        threading.Thread(target=_tend, args=(work, engine, stopped), name="cairn tend", daemon=True).start()
        _ready()

    try:
        asyncio.run(serve(app, doors, ready))
    except CairnError:
        work.stop(0)
        engine.close()
        raise
    _notify("STOPPING=1")
    stopped.set()
    if work.stop(LEAVING):
        engine.close()
        return
    log.warning("stopped in the middle of jobs", extra={"jobs": work.running()})
    # Threads that work would be waited for; their jobs are begun again by the next daemon.
    logging.shutdown()
    os._exit(0)


def _tend(work: Work, engine: Engine, stopped: threading.Event) -> None:
    """At once, and from time to time: look for jobs that nobody works on. What came of jobs is stored as soon as it
    can be."""
    due = 0.0
    while not stopped.is_set():
        try:
            if time.monotonic() >= due:
                due = time.monotonic() + LOOK
                engine.hosts.tidy()
                work.take_up()
            else:
                work.store_ends()
        except DriverError as error:
            log.error("the database does not answer", extra={"error": error.sentence})
        except Exception:
            log.exception("defect")
        stopped.wait(RETRY)


def _ready() -> None:
    log.info("ready")
    _notify("READY=1")


def _notify(state: str) -> None:
    """Tell systemd, where it asked for that (sd_notify(3))."""
    path = os.environ.get("NOTIFY_SOCKET")
    if not path:
        return
    address = f"\0{path[1:]}" if path.startswith("@") else path
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock:
        sock.sendto(state.encode(), address)


def _settings() -> Settings:
    where = settings()
    if is_remote(where.api_url):
        raise CairnError(f"api_url: {where.api_url} is a daemon's; the daemon itself needs the URL of the database")
    if where.secret_key() is None:
        raise CairnError(
            f"the key file {where.secret_key_file} does not exist, and jobs are kept encrypted; make it, as role "
            "management does, or let secret_key_file name it"
        )
    return where


def _check(doors: Doors) -> None:
    if doors.socket is None and doors.listen is None:
        raise CairnError("nobody could ask the daemon; give --socket, or --listen, or both")
    if doors.listen is not None and not (doors.certificate and doors.private_key):
        raise CairnError("--listen needs --certificate and --private-key: keys must not travel in clear")


def _group(name: str | None) -> int | None:
    try:
        return None if name is None else grp.getgrnam(name).gr_gid
    except KeyError:
        raise CairnError(f"--group: there is no group {name}; make it") from None


def _address(written: str | None) -> tuple[str, int] | None:
    """``[::1]:8250``, ``127.0.0.1:8250``, or an address alone."""
    if written is None:
        return None
    host, colon, port = written.rpartition(":")
    if not colon or port.endswith("]"):
        host, port = written, str(PORT)
    if not (port.isascii() and port.isdigit() and 0 <= int(port) < 65536):
        raise CairnError(f"--listen: '{written}' is not an address and a port; write it like 0.0.0.0:{PORT}")
    return host.strip("[]"), int(port)


def main() -> None:
    daemon.main(prog_name="cairn-daemon")
