"""What happens to a Flow when one of its shards does not answer, or is killed."""
import os
import pathlib
import signal

import pytest

from support.flows import start_flow
from support.processes import HERE as CONFORMANCE, wait_until
from support.wire import SINGLE, call, data_request, message

FLOW = f'''
jtype: Flow
executors:
- name: s
  uses: Tag
  uses_with: {{sets: tags}}
  py_modules: [{CONFORMANCE / 'executors' / 'tag.cpp'}]
  shards: 2
  polling: ALL
  timeout_send: 1000
  retries: 0
'''


def pid_of(pod):
    """Of the process that `jina flow` started under this name."""
    for entry in pathlib.Path('/proc').glob('[0-9]*'):
        try:
            words = (entry / 'cmdline').read_bytes().split(b'\0')
        except OSError:
            continue
        if b'executor' in words and pod.encode() in words and str(CONFORMANCE / 'executors' / 'tag.cpp').encode() in words:
            return int(entry.name)
    return None


@pytest.fixture
def flow(scoped, tmp_path):
    if scoped.subject_is_real:
        pytest.skip('its processes have no names')
    (tmp_path / 'flow.yml').write_text(FLOW)
    running = start_flow(scoped, tmp_path / 'flow.yml', tmp_path)
    yield running
    running.stop()


def shards_that_answered(flow):
    outcome = call(flow.port('grpc'), SINGLE, [data_request('/go', [{'id': str(n)} for n in range(2)]).SerializeToString()])
    assert outcome.code == 'OK', outcome.details
    answer = message(SINGLE.response, outcome.messages[0])
    # Of tags the first shard's count: that of the second is seen when the first did not answer.
    return {tag for document in answer.data.docs.docs for tag in document.tags.fields}


def test_a_shard_that_hangs_is_left_out(flow):
    assert shards_that_answered(flow) == {'s/shard-0/rep-0'}
    hanging = pid_of('s/shard-0/rep-0')
    os.kill(hanging, signal.SIGSTOP)
    try:
        assert shards_that_answered(flow) == {'s/shard-1/rep-0'}
    finally:
        os.kill(hanging, signal.SIGCONT)
    wait_until(lambda: shards_that_answered(flow) == {'s/shard-0/rep-0'}, 20, 'the shard is not asked again')


def test_a_killed_shard_loses_no_request_and_comes_back(flow):
    os.kill(pid_of('s/shard-0/rep-0'), signal.SIGKILL)
    assert shards_that_answered(flow) <= {'s/shard-0/rep-0', 's/shard-1/rep-0'}
    wait_until(lambda: shards_that_answered(flow) == {'s/shard-0/rep-0'}, 20, 'the shard did not come back')
