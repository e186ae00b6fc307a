from jina import Executor, requests


class Noop(Executor):
    @requests
    def noop(self, **kwargs):
        """The same as in noop.cpp."""
