"""Fixtures of the Flow tests: those of the conformance suite (support/fixtures.py), and Flows as processes (support/flows.py)."""
from support.fixtures import *  # noqa: F401,F403: what every suite has
