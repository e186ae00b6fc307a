"""Fixtures of every suite: the subject under test (JINA_BIN), what is started for a session or a test, logs in failure reports."""
import os
import pathlib
import shutil

import pytest

from support.browser import open_browser
from support.processes import Processes, is_real_jina
from support.world import World

ROOT = pathlib.Path(__file__).resolve().parents[3]


def subject_path():
    program = os.environ.get('JINA_BIN') or str(ROOT / 'build' / 'dev' / 'bin' / 'jina')
    found = shutil.which(program)
    if not found:
        raise pytest.UsageError(f'JINA_BIN={program}: no such program; build it with ./dev build jina_main')
    return str(pathlib.Path(found).resolve())


def pytest_report_header():
    program = subject_path()
    return f'subject: {program} ({"real Jina" if is_real_jina(program) else "this project"})'


@pytest.fixture(scope='session')
def processes(tmp_path_factory):
    started = Processes(tmp_path_factory.mktemp('logs'))
    yield started
    started.stop_all()


@pytest.fixture(scope='session')
def world(processes):
    return World(processes, subject_path())


@pytest.fixture
def scoped(world):
    """The world, for processes that live for one test."""
    with world.scope() as inner:
        yield inner


@pytest.fixture(scope='module')
def page(world, tmp_path_factory):
    """A page of a browser that ends with the module."""
    with world.scope():
        page = open_browser(world.processes, tmp_path_factory.mktemp('chromium'))
        yield page
        page.close()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """The ends of the logs of everything that runs go into the report of a failed test."""
    outcome = yield
    report = outcome.get_result()
    started = item.funcargs.get('processes') if hasattr(item, 'funcargs') else None
    if report.when == 'call' and report.failed and started:
        for process in started.running:
            log = process.log().strip()
            if log:
                report.sections.append((f'log of {" ".join(process.command[:4])}', log[-2000:]))


__all__ = ['ROOT', 'page', 'processes', 'pytest_report_header', 'pytest_runtest_makereport', 'scoped', 'subject_path', 'world']
