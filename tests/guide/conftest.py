"""Fixtures of the guide's tests: those of the conformance suite, and an Executor behind every gateway."""
import os
import pathlib

import pytest

from gateways import ROOT, run
from support.fixtures import *  # noqa: F401,F403: what every suite has

HERE = pathlib.Path(__file__).resolve().parent


@pytest.fixture(scope='session')
def upper(world):
    """Port of a real Jina Executor whose /upper and / put texts in capitals."""
    return world.executor(name='upper', uses='Upper', modules=HERE / 'upper.py')[1]


@pytest.fixture(scope='session')
def prefix(tmp_path_factory):
    """The project, installed."""
    build = pathlib.Path(os.environ.get('JINA_BUILD', ROOT / 'build' / 'dev'))
    if not (build / 'lib' / 'libjina.a').exists():
        pytest.fail(f'{build} has no lib/libjina.a: build the target jina_package')
    prefix = tmp_path_factory.mktemp('prefix')
    run('cmake', '--install', build, '--prefix', prefix, '--strip')
    return prefix
