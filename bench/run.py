"""Measure Staffetta on a loaded data folder, beside bare Flask in the same run.

    STAFFETTA_INSTANCE=/somewhere/m flask --app app demo --size M      (once)
    python bench/run.py --instance /somewhere/m [--clients 1 8 32] [--seconds 5] [--minute]

Prints for each page: latency (ms), requests a second, CPU of the server per request (ms, and as a multiple of a bare
Flask "hello"), SQL statements, bytes; then memory. CPU at one client is the steadiest figure: machines are shared.
"""

import argparse
import http.client
import os
import random
import re
import secrets
import statistics
import subprocess
import sys
import threading
import time
from datetime import date
from pathlib import Path
from urllib.parse import urlencode

import psutil

ROOT = Path(__file__).resolve().parent.parent
WARM_UP = 30


class Client:
    """A signed-in tablet with one kept-alive connection."""

    def __init__(self, port, user=None, password=None):
        self.port, self.cookies, self.csrf = port, {}, ""
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        if user:
            self.send("POST", "/sign-in", {"username": user, "password": password})
            self.csrf = re.search(r'name="csrf" value="([^"]+)"', self.send("GET", "/me")[1]).group(1)

    def send(self, method, path, form=None, fragment=None):
        headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items()), "Sec-Fetch-Site": "same-origin"}
        if fragment:
            headers |= {"HX-Request": "true", "HX-Target": f"div#{fragment}"}
        body = None
        if form is not None:
            body = urlencode({"csrf": self.csrf, "once": secrets.token_urlsafe(18), **form})
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        text = answer.read().decode("utf-8", "replace")
        for line in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        if answer.status >= 400:
            raise RuntimeError(f"{answer.status} {method} {path}")
        return answer, text


def wait_for(port, path="/"):
    for _ in range(600):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", path)
            connection.getresponse().read()
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the server did not start")


def cpu(process):
    times = process.cpu_times()
    return times.user + times.system


def drive(work, clients, seconds):
    """Call `work(client)` in a loop from each client; returns latencies in ms and the errors."""
    latencies, errors, stop = [], [], time.monotonic() + seconds

    def loop(client):
        while time.monotonic() < stop:
            start = time.perf_counter()
            try:
                work(client)
            except Exception as error:
                errors.append(repr(error))
            latencies.append(1000 * (time.perf_counter() - start))

    threads = [threading.Thread(target=loop, args=(c,)) for c in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return latencies, errors


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(share * len(values)))] if values else float("nan")


def figures(name, work, process, clients, seconds, hello, sample):
    for _ in range(WARM_UP):
        work(clients[0])
    before, start = cpu(process), time.perf_counter()
    latencies, errors = drive(work, clients, seconds)
    spent, wall = cpu(process) - before, time.perf_counter() - start
    each = 1000 * spent / max(1, len(latencies))
    answer, text = sample
    times = f"{each / hello:6.1f}" if hello else "   1.0"
    queries = answer.headers.get("X-Queries", "-") if answer else "-"
    print(
        f"{name:14} {len(clients):3} {statistics.median(latencies):8.1f} {percentile(latencies, 0.95):8.1f} {percentile(latencies, 0.99):8.1f} "
        f"{len(latencies) / wall:8.0f} {each:8.2f} {times} {queries:>5} {len(text) / 1024 if text else 0:7.1f} {len(errors):5}",
        flush=True,
    )
    if errors:
        print("   ", errors[0])
    return each


def pages(client):
    """What is measured: name -> function of a client."""
    number, names = random.Random(1), ["had", "ferr", "ross", "mar", "kov", "bian"]
    listed = client.send("GET", "/cases?show=open")[1]
    ids = list(dict.fromkeys(int(i) for i in re.findall(r'/cases/(\d+)"', listed)))
    if not ids:
        raise SystemExit("this user sees no case: choose another with --user")
    ten = min(ids, key=lambda i: abs(client.send("GET", f"/cases/{i}")[1].count("journal-text") - 10))
    return {
        "list": lambda c: c.send("GET", "/cases?show=open"),
        "filter": lambda c: c.send("GET", "/cases?show=open&state=active", fragment="results"),
        "search": lambda c: c.send("GET", "/search?" + urlencode({"q": number.choice(names)}), fragment="results"),
        "case page": lambda c: c.send("GET", f"/cases/{ten}"),
        "add a note": lambda c: c.send(
            "POST",
            f"/cases/{number.choice(ids)}/notes/new",
            {
                "kind": "phone",
                "text": "Ha chiamato per l'appuntamento.",
                "on": date.today().isoformat(),
                "hour": "00:00",
            },
        ),
        "print": lambda c: c.send("GET", f"/cases/{ten}/summary.pdf"),
    }


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--instance", required=True)
    parser.add_argument("--user", default="giulia")
    parser.add_argument("--password", default=None)
    parser.add_argument("--clients", type=int, nargs="*", default=[1, 8, 32])
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--minute", action="store_true", help="30 clients reading and writing for a minute")
    parser.add_argument("--port", type=int, default=18765)
    asked = parser.parse_args()
    environment = {
        **os.environ,
        "STAFFETTA_INSTANCE": asked.instance,
        "PORT": str(asked.port),
        "STAFFETTA_COUNT_QUERIES": "1",
    }
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.STDOUT}
    servers = [
        subprocess.Popen([sys.executable, "-m", "flask", "--app", "app", "serve"], cwd=ROOT, env=environment, **quiet),
        subprocess.Popen([sys.executable, "bench/bare.py", str(asked.port + 1)], cwd=ROOT, **quiet),
    ]
    try:
        ours, bare = (psutil.Process(s.pid) for s in servers)
        wait_for(asked.port, "/sign-in")
        wait_for(asked.port + 1, "/hello")
        print(
            f"{'page':14} {'cl':>3} {'p50 ms':>8} {'p95 ms':>8} {'p99 ms':>8} {'req/s':>8} {'CPU ms':>8} {'x hello':>6} {'SQL':>5} {'kB':>7} {'errors':>5}"
        )
        plain = [Client(asked.port + 1)]
        hello = figures("bare hello", lambda c: c.send("GET", "/hello"), bare, plain, asked.seconds, None, (None, ""))
        figures(
            "bare 50 rows",
            lambda c: c.send("GET", "/rows"),
            bare,
            plain,
            asked.seconds,
            hello,
            plain[0].send("GET", "/rows"),
        )
        password = asked.password or "filo e telaio"
        tablets = [Client(asked.port, asked.user, password) for _ in range(max(asked.clients))]
        for name, work in pages(tablets[0]).items():
            for count in asked.clients:
                if name == "print" and count > 1:
                    continue
                figures(name, work, ours, tablets[:count], asked.seconds, hello, work(tablets[0]))
        memory = ours.memory_full_info()
        print(f"memory of the server: {getattr(memory, 'pss', memory.rss) >> 20} MiB")
        if asked.minute:
            work = list(pages(tablets[0]).values())[:5]
            clients = (tablets + [Client(asked.port, asked.user, password) for _ in range(30)])[:30]
            latencies, errors = drive(lambda c: (random.choice(work)(c), time.sleep(random.random())), clients, 60)
            print(
                f"30 clients, a minute: {len(latencies)} requests, {len(errors)} errors, p99 below {percentile(latencies, 0.99):.0f} ms (with up to 1 s of pause)"
            )
    finally:
        for server in servers:
            server.terminate()
            server.wait(10)


if __name__ == "__main__":
    main()
