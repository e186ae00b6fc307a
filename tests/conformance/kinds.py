"""The Executor of executors/kinds.cpp in Python."""
from jina import Executor, requests


class Kinds(Executor):
    @requests(on='/mark')
    def mark(self, docs, **kwargs):
        for doc in docs:
            doc.text += ' marked'

    def spare(self, docs, **kwargs):
        for doc in docs:
            doc.text += ' spare'

    @requests(on='/raise')
    def fail(self, **kwargs):
        raise ValueError('boom')

    @requests(on='/where')
    def where(self, **kwargs):
        return {'workspace': self.workspace, 'name': self.metas.name}
