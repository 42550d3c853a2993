"""etcd: three members on loopback, the leader killed again and again. Used by tests/bench/failover.

Prints and returns the time without a successful put of each kill. The load is open: a put every
10 ms, to the members in turn, so a put that a dead leader has swallowed delays no other one.
"""
import asyncio
import base64
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

PUT_EVERY_S = 0.01
PUT_TIMEOUT_S = 1.0


def free_ports(count):
    """Ports of 127.0.0.1 that are free now."""
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


async def post(port, path, body):
    """The JSON answer to a POST; an exception if there is none."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        text = json.dumps(body).encode()
        writer.write(b"POST %s HTTP/1.0\r\nContent-Length: %d\r\n\r\n%s"
                     % (path.encode(), len(text), text))
        head, _, answer = (await reader.read()).partition(b"\r\n\r\n")
        if b" 200 " not in head.split(b"\r\n")[0]:
            raise OSError(head[:80])
        return json.loads(answer)
    finally:
        writer.close()


class Etcd:
    def __init__(self, folder, heartbeat_ms, election_ms, pre_vote):
        ports = free_ports(6)
        self.clients, self.peers = ports[:3], ports[3:]
        self.folder = folder
        self.times = [f"--heartbeat-interval={heartbeat_ms}", f"--election-timeout={election_ms}",
                      f"--pre-vote={'true' if pre_vote else 'false'}"]
        self.processes = [None] * 3
        self.puts = []  # instants of successful puts

    def start(self, i, state):
        client = f"http://127.0.0.1:{self.clients[i]}"
        peer = f"http://127.0.0.1:{self.peers[i]}"
        cluster = ",".join(f"m{j}=http://127.0.0.1:{self.peers[j]}" for j in range(3))
        with open(os.path.join(self.folder, f"m{i}.log"), "ab") as log:
            self.processes[i] = subprocess.Popen(
                ["etcd", f"--name=m{i}", f"--data-dir={self.folder}/m{i}",
                 f"--listen-client-urls={client}", f"--advertise-client-urls={client}",
                 f"--listen-peer-urls={peer}", f"--initial-advertise-peer-urls={peer}",
                 f"--initial-cluster={cluster}", f"--initial-cluster-state={state}", *self.times],
                stdout=log, stderr=log)

    def stop(self):
        for process in self.processes:
            if process is not None and process.poll() is None:
                process.kill()
                process.wait()

    async def leader(self):
        """The member that leads, if all three answer and agree on it; otherwise None."""
        leaders, names = set(), {}
        for i, port in enumerate(self.clients):
            try:
                told = await asyncio.wait_for(post(port, "/v3/maintenance/status", {}), 1)
            except (OSError, ValueError, asyncio.TimeoutError):
                return None
            leaders.add(told.get("leader"))
            names[told["header"]["member_id"]] = i
        return names.get(leaders.pop()) if len(leaders) == 1 else None

    async def put(self, port, number):
        body = {"key": base64.b64encode(b"k%d" % (number % 1000)).decode(),
                "value": base64.b64encode(b"v" * 100).decode()}
        try:
            await asyncio.wait_for(post(port, "/v3/kv/put", body), PUT_TIMEOUT_S)
            self.puts.append(time.monotonic())
        except (OSError, ValueError, asyncio.TimeoutError):
            pass

    async def load(self):
        number, tasks = 0, set()
        while True:
            task = asyncio.create_task(self.put(self.clients[number % 3], number))
            tasks.add(task)
            task.add_done_callback(tasks.discard)
            number += 1
            await asyncio.sleep(PUT_EVERY_S)

    async def settled_leader(self, within_s):
        end = time.monotonic() + within_s
        while time.monotonic() < end:
            leader = await self.leader()
            if leader is not None:
                return leader
            await asyncio.sleep(0.1)
        return None

    async def kill_leader(self):
        """Milliseconds without a successful put, or None if there was none within 20 s."""
        leader = await self.settled_leader(20)
        if leader is None:
            return None
        await asyncio.sleep(1)
        self.puts.clear()
        await asyncio.sleep(0.3)
        killed = time.monotonic()
        self.processes[leader].send_signal(signal.SIGKILL)
        self.processes[leader].wait()
        # The gap is over when puts succeed again for longer than any answer of the old leader can
        # have been on its way.
        end = killed + 20
        while time.monotonic() < end and not (self.puts and self.puts[-1] > killed + 0.1):
            await asyncio.sleep(0.02)
        await asyncio.sleep(0.3)
        times = [t for t in self.puts if t <= killed][-1:] + [t for t in self.puts if t > killed]
        self.start(leader, "existing")
        if len(times) < 2 or times[-1] < killed + 0.1:
            return None
        return 1000 * max(b - max(a, killed) for a, b in zip(times, times[1:]))


async def run(cluster, kills):
    for i in range(3):
        cluster.start(i, "new")
    load = asyncio.create_task(cluster.load())
    gaps = []
    for _ in range(kills):
        gaps.append(await cluster.kill_leader())
    load.cancel()
    return gaps


def measure(kills, heartbeat_ms=30, election_ms=150, pre_vote=True):
    """The gaps in ms, None where no put succeeded; or None if etcd is not installed."""
    if shutil.which("etcd") is None:
        return None
    folder = tempfile.mkdtemp(prefix="replsim-etcd-")
    cluster = Etcd(folder, heartbeat_ms, election_ms, pre_vote)
    try:
        return asyncio.run(run(cluster, kills))
    finally:
        cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    print(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 20))
