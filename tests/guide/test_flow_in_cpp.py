"""examples/flow_in_cpp, as its README builds it: with the installed package."""
import shutil
import subprocess

import pytest

from gateways import EXAMPLES, run

pytestmark = pytest.mark.timeout(600)


def test_it_builds_with_the_installed_package_and_runs(prefix, tmp_path):
    folder = tmp_path / 'flow_in_cpp'
    shutil.copytree(EXAMPLES / 'flow_in_cpp', folder)
    run('cmake', '-S', folder, '-B', folder / 'build', '-G', 'Ninja', f'-DCMAKE_PREFIX_PATH={prefix}')
    run('cmake', '--build', folder / 'build')
    done = subprocess.run([folder / 'build' / 'flow_in_cpp'], capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL)
    assert (done.returncode, done.stdout.splitlines()[-2:]) == (0, ['HELLO!', 'WORLD!']), done.stderr
