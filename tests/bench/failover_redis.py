"""Redis with Sentinel: one primary, two replicas, three sentinels on loopback; the primary is
killed again and again. Used by tests/bench/failover.

Prints and returns the time without a successful SET of each kill. The client sends a SET every
10 ms to the primary that the sentinels name, and asks them for it every 30 ms.
"""
import asyncio
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from failover_etcd import free_ports

SET_EVERY_S = 0.01
ASK_EVERY_S = 0.03
ANSWER_WITHIN_S = 0.5


async def call(port, *words):
    """The answer to one command, as its lines."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(b"*%d\r\n" % len(words) +
                     b"".join(b"$%d\r\n%s\r\n" % (len(w), w.encode()) for w in words))
        head = await reader.readline()
        lines = [head.decode().strip()]
        if head[:1] == b"*":
            for _ in range(2 * int(head[1:])):
                lines.append((await reader.readline()).decode().strip())
        if head[:1] == b"$":
            lines += (await reader.readexactly(int(head[1:]))).decode().split("\r\n")
        return lines
    finally:
        writer.close()


class Redis:
    def __init__(self, folder, down_after_ms):
        self.folder = folder
        ports = free_ports(6)
        self.servers, self.sentinels = ports[:3], ports[3:]
        self.down_after_ms = down_after_ms
        self.processes = {}
        self.primary = self.servers[0]  # as the sentinels say
        self.sets = []                  # instants of successful SETs

    def spawn(self, port, *words):
        with open(f"{self.folder}/{port}.log", "ab") as log:
            self.processes[port] = subprocess.Popen([*words], stdout=log, stderr=log,
                                                    cwd=self.folder)

    def start_server(self, port, of=None):
        self.spawn(port, "redis-server", "--port", str(port), "--bind", "127.0.0.1",
                   "--dir", self.folder, "--dbfilename", f"{port}.rdb", "--save", "",
                   "--appendonly", "yes", "--appenddirname", f"aof-{port}",
                   *(["--replicaof", "127.0.0.1", str(of)] if of else []))

    def start_sentinel(self, port):
        config = f"{self.folder}/sentinel-{port}.conf"
        with open(config, "w", encoding="utf-8") as file:
            file.write(f"port {port}\nbind 127.0.0.1\n"
                       f"sentinel monitor m 127.0.0.1 {self.servers[0]} 2\n"
                       f"sentinel down-after-milliseconds m {self.down_after_ms}\n"
                       "sentinel failover-timeout m 1000\n")
        self.spawn(port, "redis-server", config, "--sentinel")

    def stop(self):
        for process in self.processes.values():
            if process.poll() is None:
                process.kill()
                process.wait()

    async def ask(self):
        turn = 0
        while True:
            turn += 1
            try:
                told = await asyncio.wait_for(
                    call(self.sentinels[turn % 3], "SENTINEL", "get-master-addr-by-name", "m"),
                    ANSWER_WITHIN_S)
                self.primary = int(told[-1])
            except (OSError, ValueError, IndexError, asyncio.TimeoutError):
                pass
            await asyncio.sleep(ASK_EVERY_S)

    async def set(self, number):
        try:
            told = await asyncio.wait_for(
                call(self.primary, "SET", f"k{number % 1000}", "v" * 100), ANSWER_WITHIN_S)
            if told[0] == "+OK":
                self.sets.append(time.monotonic())
        except (OSError, ValueError, asyncio.TimeoutError):
            pass

    async def load(self):
        number, tasks = 0, set()
        while True:
            task = asyncio.create_task(self.set(number))
            tasks.add(task)
            task.add_done_callback(tasks.discard)
            number += 1
            await asyncio.sleep(SET_EVERY_S)

    async def whole(self, within_s):
        """Whether the primary has two connected replicas before the time is over."""
        end = time.monotonic() + within_s
        while time.monotonic() < end:
            try:
                told = await asyncio.wait_for(call(self.primary, "INFO", "replication"), 1)
                if "connected_slaves:2" in told and "role:master" in told:
                    return True
            except (OSError, ValueError, asyncio.TimeoutError):
                pass
            await asyncio.sleep(0.2)
        return False

    async def kill_primary(self):
        if not await self.whole(40):
            return None
        await asyncio.sleep(3)  # no second failover within 2 × failover-timeout
        self.sets.clear()
        await asyncio.sleep(0.3)
        old, killed = self.primary, time.monotonic()
        self.processes[old].send_signal(signal.SIGKILL)
        self.processes[old].wait()
        while time.monotonic() < killed + 30 and not (self.sets and self.sets[-1] > killed + 0.1):
            await asyncio.sleep(0.02)
        await asyncio.sleep(0.3)
        times = [t for t in self.sets if t <= killed][-1:] + [t for t in self.sets if t > killed]
        self.start_server(old)
        if len(times) < 2 or times[-1] < killed + 0.1:
            return None
        return 1000 * max(b - max(a, killed) for a, b in zip(times, times[1:]))


async def run(cluster, kills):
    for port in cluster.servers:
        cluster.start_server(port, None if port == cluster.servers[0] else cluster.servers[0])
    await cluster.whole(20)
    for port in cluster.sentinels:
        cluster.start_sentinel(port)
    await asyncio.sleep(3)  # until the sentinels know each other and the replicas
    tasks = [asyncio.create_task(cluster.ask()), asyncio.create_task(cluster.load())]
    gaps = [await cluster.kill_primary() for _ in range(kills)]
    for task in tasks:
        task.cancel()
    return gaps


def measure(kills, down_after_ms=150):
    """The gaps in ms, None where no SET succeeded; or None if Redis is not installed."""
    if shutil.which("redis-server") is None:
        return None
    folder = tempfile.mkdtemp(prefix="replsim-redis-")
    cluster = Redis(folder, down_after_ms)
    try:
        return asyncio.run(run(cluster, kills))
    finally:
        cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    print(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 20))
