"""A real Jina Executor for the guide's tests: capitals on /upper and /, an error on /raise, a wait on /sleep."""
import time

from jina import DocumentArray, Executor, requests


class Upper(Executor):
    @requests(on=['/', '/upper'])
    def upper(self, docs: DocumentArray, **kwargs):
        for doc in docs:
            doc.text = doc.text.upper()

    @requests(on='/raise')
    def fail(self, docs: DocumentArray, **kwargs):
        raise ValueError('this Executor always fails on /raise')

    @requests(on='/sleep')
    def sleep(self, docs: DocumentArray, parameters: dict, **kwargs):
        time.sleep(float(parameters.get('seconds', 0.2)))
