from jina import DocumentArray, Executor, requests


class Noop(Executor):
    @requests
    def noop(self, docs: DocumentArray, **kwargs):
        """The same as in noop.cpp."""
