"""Runs several real Jina Executors and heads, one child process each, out of one Python that imported Jina once.

usage: executor_farm.py '{"NAME": ["--uses", "Tag", ...], ...}'
"""
import json
import os
import signal
import sys


def run_one(argv):
    from jina.parsers import set_pod_parser
    from jina_cli.api import executor_native

    args = set_pod_parser().parse_args([*argv, '--native'])
    args.host = args.host[0]
    args.port_monitoring = args.port_monitoring[0]
    executor_native(args)


def main():
    import jina  # noqa: F401  once for all children
    from jina.serve.runtimes import asyncio  # noqa: F401
    from jina.serve.runtimes.head import request_handling as head  # noqa: F401
    from jina.serve.runtimes.worker import request_handling as worker  # noqa: F401

    children = []
    for argv in json.loads(sys.argv[1]).values():
        child = os.fork()
        if child == 0:
            try:
                run_one(argv)
            finally:
                os._exit(0)
        children.append(child)

    def stop(*_):
        for child in children:
            os.kill(child, signal.SIGTERM)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    for child in children:
        os.waitpid(child, 0)


if __name__ == '__main__':
    main()
