"""One whole installation in a folder: embedded PostgreSQL, processes, seed, simulated world.

`up` runs one in `var/`; drills, journeys and storms make their own in a throw-away folder.
"""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from standvast.outside.api import Authority, Issuer
from standvast.project.embedded import EmbeddedServer
from standvast.project.keys import SECRETS, kept_secrets
from standvast.project.supervisor import Supervisor

FIRST_PAGE_S_MAX = 30.0
EVERYTHING = (
    "campaigns",
    "patients",
    "grants",
    "insurance",
    "launches",
    "dashboards",
    "desk",
)
"""The services that there are."""
RECORDS_PRACTICE = "01999999"
"""The persona practice whose record system the simulated world has."""
OUR_NUMBER = "98765432"
"""What our own certificate carries in the simulated world."""
NOBODYS_TELEPHONE = "000-0000000"
Say = Callable[[str], None]


class PortTaken(RuntimeError):
    """Somebody else listens there already."""


class DoesNotCome(RuntimeError):
    """A step of the start failed; the message ends with its last words."""


def port_is_taken(port: int) -> bool:
    """Whether anything answers on a loopback port.

    Asked by connecting: the edge binds with SO_REUSEPORT, so binding would not tell.
    """
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def authority_folder(var: Path) -> Path:
    """Return where the simulated world keeps its keys."""
    return var / "outside" / "authority"


def free_port() -> int:
    """Return a loopback port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class Plan:
    """What an installation is made of. Counts are processes; `practices` the seed's size."""

    practices: int = 5_000
    opens_in_s: int = 300
    serve_count: int = 1
    courier_count: int = 1
    watch_count: int = 1
    with_outside: bool = True
    demo: bool = True
    drill: bool = False
    twin: str = ""
    services: tuple[str, ...] = EVERYTHING
    durable: bool = True
    more: Mapping[str, str] = field(default_factory=dict)


class Installation:
    """Starts and stops it all. `url` is where people go; `outside_url` the simulated world."""

    def __init__(
        self,
        folder: Path,
        *,
        plan: Plan | None = None,
        port: int | None = None,
        database_url: str | None = None,
        say: Say = lambda _: None,
    ) -> None:
        self.folder = folder.resolve()
        self.plan = plan or Plan()
        self.port = port or free_port()
        self._say = say
        self._outside_http = free_port()
        self._outside_smtp = free_port()
        self.mail_port = self._outside_smtp
        """Where couriers offer mail; a drill may put its proxy there before `start_processes`."""
        self._outside_coverage = free_port()
        self.coverage_port = self._outside_coverage
        """Where insurers are asked; likewise."""
        self._external = database_url
        self.server = (
            None if database_url else EmbeddedServer(self.folder / "pg", durable=self.plan.durable)
        )
        self._supervisor: Supervisor | None = None

    # -- where -------------------------------------------------------------------------------

    @property
    def url(self) -> str:
        """Where people go."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def outside_url(self) -> str:
        """The simulated world's pages and controls."""
        return f"http://127.0.0.1:{self._outside_http}"

    @property
    def outside_smtp_port(self) -> int:
        """Where the simulated mail server itself listens."""
        return self._outside_smtp

    @property
    def outside_coverage_port(self) -> int:
        """Where the simulated insurers themselves listen."""
        return self._outside_coverage

    @property
    def authority_folder(self) -> Path:
        """Where the simulated certificate authorities keep their keys."""
        return authority_folder(self.folder)

    @property
    def database_url(self) -> str:
        """The libpq address of its database."""
        if self._external:
            return self._external
        assert self.server is not None
        return self.server.url()

    def environment(self) -> dict[str, str]:
        """Return the environment of its processes."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("STANDVAST_TEST", "PG"))}
        return {
            **kept,
            **kept_secrets(self.folder),
            "DATABASE_URL": self.database_url,
            "DJANGO_SETTINGS_MODULE": "standvast.project.settings",
            "STANDVAST_VAR": str(self.folder),
            "STANDVAST_ADDRESS": self.url,
            "STANDVAST_DEMO": "1" if self.plan.demo else "0",
            "STANDVAST_DRILL": "1" if self.plan.drill else "0",
            "STANDVAST_TWIN": self.plan.twin,
            "STANDVAST_ONLY": ",".join(self.plan.services),
            "STANDVAST_MAIL_HOST": "127.0.0.1",
            "STANDVAST_MAIL_PORT": str(self.mail_port),
            **self._outside(),
            "STANDVAST_SERVE_COUNT": str(self.plan.serve_count),
            "STANDVAST_COURIER_COUNT": str(self.plan.courier_count),
            "STANDVAST_WATCH_COUNT": str(self.plan.watch_count),
            "STANDVAST_POOL_MAX": "10",
            "PYTHONUNBUFFERED": "1",
            **self.plan.more,
        }

    # -- life --------------------------------------------------------------------------------

    def start(self) -> None:
        """Start everything and wait for the first page.

        :raises PortTaken: before anything is touched.
        :raises DoesNotCome: naming the step and its log.
        """
        self.start_database()
        self.prepare()
        self.start_processes()

    def start_database(self) -> None:
        """Check the port, then start PostgreSQL and make the database."""
        if port_is_taken(self.port):
            raise PortTaken(f"Port {self.port} is taken.")
        self.folder.mkdir(parents=True, exist_ok=True)
        if self.server is not None:
            if not (self.folder / SECRETS).exists():
                # The folder is new or was emptied: data of an earlier one, kept elsewhere for the
                # system user's sake, belongs to secrets that are gone.
                self.server.discard()
            self._say("Starting PostgreSQL")
            self.server.start()
            if self.server.moved:
                self._say(f"  its data lies in {self.server.home}, where its system user can reach")
            self.server.make_database("standvast")

    def prepare(self) -> None:
        """Bring the tables up to date and seed a new installation; shows what it does."""
        if self.plan.with_outside:
            self._start_outside()
        words = ["prepare", "--practices", str(self.plan.practices)]
        words += ["--opens-in", str(self.plan.opens_in_s)]
        done = subprocess.Popen(
            [sys.executable, "-m", "standvast", *words],
            env=self.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert done.stdout is not None
        last: list[str] = []
        for line in done.stdout:
            last = [*last[-30:], line]
            if line.startswith("* "):
                self._say(line[2:].rstrip())
        if done.wait() != 0:
            raise DoesNotCome("Preparing the database failed:\n" + "".join(last))

    def start_processes(self) -> None:
        """Start serve, courier, watch and outside; wait until a page is answered."""
        self._say("Starting processes")
        self._supervisor = self._supervisor or self._new_supervisor()
        plan = self.plan
        for _ in range(plan.serve_count):
            self._supervisor.add("serve", "--port", str(self.port))
        for _ in range(plan.courier_count):
            self._supervisor.add("courier")
        for _ in range(plan.watch_count):
            self._supervisor.add("watch")
        self._wait_for(self.url + "/readyz", "serve")
        self._supervisor.watch()

    def _start_outside(self) -> None:
        """Start the simulated world: a certificate proves itself with its peer, at seeding too."""
        Authority(self.authority_folder, now=datetime.now(UTC))
        self._supervisor = self._new_supervisor()
        self._supervisor.add(
            "outside", "--smtp-port", str(self._outside_smtp),
            "--http-port", str(self._outside_http),
            "--coverage-port", str(self._outside_coverage),
            "--folder", str(self.authority_folder),
            "--standvast", self.url, "--practice", RECORDS_PRACTICE,
        )  # fmt: skip
        self._wait_for(self.outside_url + "/mail/counts", "outside")

    def _new_supervisor(self) -> Supervisor:
        return Supervisor(environment=self.environment(), log_folder=self.folder / "log")

    def stop(self) -> None:
        """Stop everything within 10 s, PostgreSQL last and cleanly. Safe to repeat."""
        supervisor, self._supervisor = self._supervisor, None
        if supervisor is not None:
            supervisor.stop(kinds=("serve", "courier", "watch", "outside"), each_s=6.5)
        if self.server is not None:
            self.server.stop()

    def __enter__(self) -> "Installation":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    # -- faults ------------------------------------------------------------------------------

    @property
    def processes(self) -> Supervisor:
        """The supervised processes: `kill`, `start_again`, `of`."""
        assert self._supervisor is not None, "not started"
        return self._supervisor

    def kill(self, kind: str, number: int, *, restart: bool = False) -> None:
        """SIGKILL one process, as a power cut would."""
        self.processes.kill(kind, number, restart=restart)

    # -- steps -------------------------------------------------------------------------------

    def _outside(self) -> dict[str, str]:
        """Return where the simulated neighbours are, and whom they and we believe."""
        if not self.plan.with_outside:
            nobody = (
                "OUTSIDE",
                "COVERAGE_URL",
                "COVERAGE_CA_FILE",
                "ADDRESS_CHECK_URL",
                "CLAIMS_URL",
            )
            return {f"STANDVAST_{name}": "" for name in nobody}
        roots = {one: str(Authority.root_path_in(self.authority_folder, one)) for one in Issuer}
        return {
            "STANDVAST_OUTSIDE": self.outside_url,
            "STANDVAST_TELEPHONE": NOBODYS_TELEPHONE,
            "STANDVAST_ADDRESS_CHECK_URL": f"{self.outside_url}/addresses/check",
            "STANDVAST_ENVIRONMENT": "production",
            "STANDVAST_COVERAGE_URL": f"https://127.0.0.1:{self.coverage_port}/cov/v1",
            "STANDVAST_CLAIMS_URL": f"https://127.0.0.1:{self.coverage_port}/vsp/v1",
            "STANDVAST_COVERAGE_NUMBER": OUR_NUMBER,
            "STANDVAST_COVERAGE_CA_FILE": roots[Issuer.PRODUCTION],
            "STANDVAST_COVERAGE_ISSUERS_PRODUCTION_FILE": roots[Issuer.PRODUCTION],
            "STANDVAST_COVERAGE_ISSUERS_TEST_FILE": roots[Issuer.TEST],
        }

    def _wait_for(self, url: str, kind: str) -> None:
        assert self._supervisor is not None
        deadline = time.monotonic() + FIRST_PAGE_S_MAX
        while time.monotonic() < deadline:
            try:
                with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310 - loopback
                    if answer.status == 200:
                        return
            except (urllib.error.URLError, OSError):
                pass
            for process in self._supervisor.of(kind):
                if process.pid is None:
                    raise DoesNotCome(f"{process.name} ended:\n{self._end_of(process.log_path)}")
            time.sleep(0.05)
        raise DoesNotCome(f"{kind} does not answer at {url}.")

    @staticmethod
    def _end_of(path: Path) -> str:
        return path.read_text(encoding="utf-8", errors="replace")[-3000:]
