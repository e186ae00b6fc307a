"""A real Jina Executor that makes a span under that of its endpoint."""
from jina import DocumentArray, Executor, requests


class TracedUpper(Executor):
    @requests(on=['/up', '/up_later'])
    def up(self, docs: DocumentArray, tracing_context=None, **kwargs):
        with self.tracer.start_as_current_span('upper', context=tracing_context) as span:
            span.set_attribute('docs', len(docs))
            for doc in docs:
                doc.text = doc.text.upper()

    @requests(on='/boom')
    def boom(self, docs: DocumentArray, **kwargs):
        raise ValueError('boom')
