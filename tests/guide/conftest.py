"""Fixtures of the guide's tests: those of the conformance suite, and an Executor behind every gateway."""
import pathlib

import pytest

from support.fixtures import *  # noqa: F401,F403: what every suite has

HERE = pathlib.Path(__file__).resolve().parent


@pytest.fixture(scope='session')
def upper(world):
    """Port of a real Jina Executor whose /upper and / put texts in capitals."""
    return world.executor(name='upper', uses='Upper', modules=HERE / 'upper.py')[1]
