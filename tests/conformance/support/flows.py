"""Flows as processes: `jina flow --uses FILE`, ready when returned."""
import json
import os
import sys

from support.http import ask


class RunningFlow:
    """`ready` is what --ready-file says: {"pid", "gateway": {protocol: url}, "executors": {pod: url}}."""

    def __init__(self, process, ready):
        self.process, self.ready = process, ready

    def port(self, protocol=None):
        """Of the gateway; of its first protocol when none is named."""
        gateway = self.ready['gateway']
        return int((gateway[protocol] if protocol else next(iter(gateway.values()))).rsplit(':', 1)[1])

    def ask(self, path='/', **request):
        return ask(self.port(), path, **request)

    def stop(self, grace_s=20):
        self.process.stop(grace_s)


def start_flow(world, flow, folder, environment=None, arguments=(), deadline_s=120):
    """`flow`: the path of a YAML file. `folder`: where the file that says that all is ready may be written."""
    ready = folder / f'ready-{len(list(folder.glob("ready-*")))}.json'
    # Executors in Python run in the Python of these tests, unless a test says otherwise.
    environment = {'JINA_PYTHON': sys.executable, **(environment or {})}
    process = world.processes.start('flow', [world.subject, 'flow', '--uses', str(flow), '--ready-file', str(ready), *arguments], environment)
    process.wait_ready(lambda: os.path.exists(ready), deadline_s)
    return RunningFlow(process, json.loads(ready.read_text()))
