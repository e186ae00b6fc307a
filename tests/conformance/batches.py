"""A Python Executor with dynamic batching; executors/batches.cpp is the same in C++. Each Document is told the batch it was in."""
from jina import Document, DocumentArray, Executor, requests
from jina.serve.executors.decorators import dynamic_batching


class Batches(Executor):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.calls = 0

    def tell(self, docs):
        self.calls += 1
        for document in docs:
            document.tags['call'] = self.calls
            document.tags['size'] = len(docs)

    @requests(on='/four')
    @dynamic_batching(preferred_batch_size=4, timeout=300)
    def four(self, docs, **kwargs):
        self.tell(docs)

    @requests(on='/late')
    @dynamic_batching(preferred_batch_size=100, timeout=300)
    async def late(self, docs, parameters, **kwargs):
        self.tell(docs)
        for document in docs:
            document.text += parameters.get('end', '')

    @requests(on='/eight')
    @dynamic_batching(preferred_batch_size=8, timeout=50)
    def eight(self, docs, **kwargs):
        self.tell(docs)
        return DocumentArray([Document(id=document.id, text=document.text.upper(), tags=document.tags) for document in docs])

    @requests(on='/fail')
    @dynamic_batching(preferred_batch_size=2, timeout=300)
    def fail(self, docs, **kwargs):
        self.tell(docs)
        if any(document.text == 'bad' for document in docs):
            raise ValueError('boom', 42)

    @requests(on='/fewer')
    @dynamic_batching(preferred_batch_size=2, timeout=300)
    def fewer(self, docs, **kwargs):
        return docs[:1]

    @requests(on='/results')
    @dynamic_batching(preferred_batch_size=2, timeout=300)
    def results(self, docs, **kwargs):
        return {'count': len(docs)}

    @requests(on='/set_outside')
    def set_outside(self, docs, **kwargs):
        self.tell(docs)
