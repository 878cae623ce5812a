#!/usr/bin/env python3
"""Asks the API, over its own description, what nobody would ask by hand.

Starts a real `relais serve` with the embedded ClickHouse on an empty data directory, puts a few
things into it, and runs schemathesis (PyPI, MIT) against `/api/v1/openapi.json` for a bounded time:
every operation, with bodies and parameters that fit the description and with those that do not. No
answer may be 5xx; each must have a status, a content type, headers and a body that the description
says. Ends with 1 when one had not, or when the server did not end well.

    scripts/fuzz_api.py                 ten minutes
    scripts/fuzz_api.py --seconds 120   two
    scripts/fuzz_api.py --seed 42       the same questions again
"""

import argparse
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
import venv

ROOT = pathlib.Path(__file__).resolve().parent.parent
HOME = ROOT / "target" / "fuzz-api"
PACKAGE = "schemathesis>=4.32,<5"
# Seconds that the server may take to start, and to end.
PATIENCE = 120


def schemathesis() -> pathlib.Path:
    """The program, in a virtual environment of its own."""
    folder = HOME / "venv"
    program = folder / "bin" / "schemathesis"
    if not program.exists():
        venv.create(folder, with_pip=True)
        subprocess.run([folder / "bin" / "pip", "install", "--quiet", PACKAGE], check=True)
    return program


class Server:
    """`relais serve` on a data directory, and what it says."""

    def __init__(self, program: pathlib.Path, data_dir: str):
        self.program = program
        self.environment = os.environ | {
            "RELAIS_DATA_DIR": data_dir,
            "RELAIS_REDIRECT__LISTEN": "127.0.0.1:0",
            "RELAIS_PORTAL__LISTEN": "127.0.0.1:0",
            "RELAIS_OPS__LISTEN": "127.0.0.1:0",
            "RELAIS_CLICKHOUSE__EMBEDDED__HTTP_PORT": "0",
            # Being told to come back later would be all that is tested.
            "RELAIS_PORTAL__REQUESTS_PER_SECOND_PER_ADDRESS": "0",
            "RELAIS_PORTAL__REQUESTS_PER_SECOND_PER_TOKEN": "0",
            "RELAIS_PORTAL__REFUSED_TOKENS_PER_MINUTE_PER_NETWORK": "0",
        }
        self.log = HOME / "server.log"
        self.portal = ""
        self.ready = threading.Event()
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [program, "serve"], env=self.environment, stdout=subprocess.PIPE, stderr=log, text=True, cwd=ROOT
            )
        threading.Thread(target=self.listen, daemon=True).start()
        if not self.ready.wait(PATIENCE) or self.process.poll() is not None:
            sys.exit(f"relais did not start; {self.log} says why")

    def listen(self) -> None:
        for line in self.process.stdout:
            if line.startswith("portal"):
                self.portal = line.split()[-1]
            if "ready" in line:
                self.ready.set()
        self.ready.set()

    def token(self, role: str) -> str:
        command = [self.program, "token", "create", "--space", "default", "--role", role]
        printed = subprocess.run(command, env=self.environment, check=True, capture_output=True, text=True)
        return next(word for word in printed.stdout.split() if word.startswith("rls_"))

    def end(self) -> bool:
        """Whether it ended well, and without a panic on its way."""
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(PATIENCE)
        panics = [line for line in self.log.read_text().splitlines() if "panicked" in line]
        for line in panics:
            print(line, file=sys.stderr)
        return status == 0 and not panics


def post(server: Server, token: str, path: str, body: dict) -> dict:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    request = urllib.request.Request(f"{server.portal}/api/v1{path}", json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def await_click_log(server: Server, token: str) -> None:
    """Until then some answers are 503, and rightly so."""
    request = urllib.request.Request(f"{server.portal}/api/v1/clicks", headers={"Authorization": f"Bearer {token}"})
    until = time.monotonic() + PATIENCE
    while True:
        try:
            with urllib.request.urlopen(request):
                return
        except urllib.error.HTTPError as refused:
            if refused.code != 503 or time.monotonic() > until:
                raise
            time.sleep(0.1)


def fill(server: Server, token: str) -> None:
    """Something to find."""
    advocate = post(server, token, "/advocates", {"email": "ada@example.com", "name": "Ada", "team": "Ovens"})
    article = {"kind": "article", "title": "News", "url": "https://example.com/news"}
    content = post(server, token, "/contents", article)
    for channel in ("linkedin", "x"):
        link = {"advocate_id": advocate["id"], "content_id": content["id"], "channel": channel}
        post(server, token, "/links", link)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--seconds", type=int, default=600, help="how long to ask (600)")
    options.add_argument("--seed", type=int, help="the seed of an earlier run")
    options.add_argument("--program", type=pathlib.Path, help="a relais that is built already")
    options.add_argument("rest", nargs="*", help="more options of schemathesis, after --")
    given = options.parse_args()

    HOME.mkdir(parents=True, exist_ok=True)
    tester = schemathesis()
    program = given.program
    if program is None:
        subprocess.run([os.environ.get("CARGO", "cargo"), "build", "--locked", "--bin", "relais"], check=True, cwd=ROOT)
        program = ROOT / "target" / "debug" / "relais"
    with tempfile.TemporaryDirectory() as data_dir:
        server = Server(program.resolve(), data_dir)
        try:
            token = server.token("admin")
            fill(server, token)
            await_click_log(server, token)
            command = [
                tester, "--config-file", ROOT / "scripts" / "fuzz-api.toml",
                "run", f"{server.portal}/api/v1/openapi.json",
                "--header", f"Authorization: Bearer {token}",
                "--checks", "all", "--max-time", str(given.seconds),
                "--report", "ndjson", "--report-ndjson-path", HOME / "report.ndjson",
            ]
            if given.seed is not None:
                command += ["--seed", str(given.seed)]
            hooks = {"SCHEMATHESIS_HOOKS": str(ROOT / "scripts" / "fuzz_api_hooks.py")}
            found = subprocess.run(command + given.rest, cwd=HOME, env=os.environ | hooks).returncode
        finally:
            ended_well = server.end()
    if not ended_well:
        print(f"the server did not end well; {server.log} says why", file=sys.stderr)
    return 0 if found == 0 and ended_well else 1


if __name__ == "__main__":
    sys.exit(main())
