"""Python Executors for the tests: Zoo has an endpoint per behaviour, Tag leaves its name in the documents it saw."""
import asyncio
import json
import time

import numpy as np
from jina import Document, DocumentArray, Executor, requests


class Zoo(Executor):
    """No default endpoint: what is not listed here is not bound."""

    @requests(on='/echo')
    def echo(self, **kwargs):
        """Leaves the documents alone."""

    @requests(on='/upper')
    def upper(self, docs, **kwargs):
        for document in docs:
            document.text = document.text.upper()

    @requests(on='/embed')
    def embed(self, docs, **kwargs):
        for position, document in enumerate(docs):
            document.embedding = np.array([len(document.text or ''), position, 0.5], dtype='float32')

    @requests(on='/fail')
    def fail(self, **kwargs):
        raise ValueError('boom', 42)

    @requests(on='/sleep')
    async def sleep(self, parameters, **kwargs):
        await asyncio.sleep(float(parameters.get('seconds', 0.1)))

    @requests(on='/params')
    def params(self, docs, parameters, **kwargs):
        for document in docs:
            document.tags['seen'] = json.dumps(parameters, sort_keys=True)

    @requests(on='/results')
    def results(self, docs, **kwargs):
        return {'count': len(docs), 'nested': {'ok': True}}

    @requests(on='/newdocs')
    def new_docs(self, **kwargs):
        return DocumentArray([Document(id=f'n{number}', text=f'new {number}') for number in (0, 1)])

    @requests(on='/empty')
    def empty(self, **kwargs):
        return DocumentArray()

    @requests(on='/badreturn')
    def bad_return(self, **kwargs):
        return 5

    @requests(on=['/index', '/search', '/update', '/delete'])
    def crud(self, docs, **kwargs):
        for document in docs:
            document.tags['crud'] = True

    @requests(on='/stream')
    async def stream(self, doc: Document, **kwargs):
        for number in range(3):
            yield Document(id=f'{doc.id}-{number}', text=f'{doc.text} {number}')


class Tag(Executor):
    """Marks what it touches with its pod name; `sets` says which fields, `delay` how long it takes."""

    def __init__(self, sets: str = '', delay: float = 0, **kwargs):
        super().__init__(**kwargs)
        self._fields = [field for field in str(sets or '').split(',') if field]
        self._delay = float(delay or 0)

    @property
    def pod(self):
        return self.runtime_args.name

    def _mark(self, docs):
        time.sleep(self._delay)  # the point of `delay`: which branch answers first
        marks = {'text': self._text, 'tags': self._tags, 'emb': self._embedding, 'weight': self._weight,
                 'match': self._matches, 'chunk': self._chunk}
        for document in docs:
            for field in self._fields:
                marks[field](document)

    def _text(self, document):
        document.text = f'{document.text or ""}|{self.pod}'

    def _tags(self, document):
        document.tags[self.pod] = 1

    def _embedding(self, document):
        document.embedding = np.array([len(self.pod)], dtype='float32')

    def _weight(self, document):
        document.weight = 2.5

    def _matches(self, document):
        # append, not extend: only append counts up `adjacency`
        document.matches.append(Document(id=f'm-{self.pod}', text=self.pod))
        document.matches.append(Document(id='m-shared', text=f's-{self.pod}'))

    def _chunk(self, document):
        document.chunks.append(Document(id=f'c-{self.pod}', text=self.pod))

    @requests
    def default(self, docs, **kwargs):
        self._mark(docs)

    @requests(on='/seen')
    def seen(self, docs, parameters, docs_matrix=None, docs_map=None, **kwargs):
        time.sleep(self._delay)
        key = self.pod.replace('/', '_')
        for document in docs:
            document.tags[f'seen_{key}'] = json.dumps(parameters, sort_keys=True)
            document.tags[f'n_{key}'] = [len(docs), len(docs_matrix or []), sorted(docs_map or {})]

    @requests(on='/newdoc')
    def new_doc(self, docs, **kwargs):
        docs.append(Document(id=f'new-{self.pod}'))
        self._mark(docs)

    @requests(on='/res')
    def results(self, docs, **kwargs):
        time.sleep(self._delay)
        return {'n': len(docs)}

    def _fail_if(self, letter, docs):
        if self.pod.startswith(letter):
            raise RuntimeError(f'{letter} fails')
        self._mark(docs)

    @requests(on='/fail_a')
    def fail_a(self, docs, **kwargs):
        self._fail_if('a', docs)

    @requests(on='/fail_b')
    def fail_b(self, docs, **kwargs):
        self._fail_if('b', docs)


class OnlyX(Executor):
    """Binds nothing but /x."""

    @requests(on='/x')
    def x(self, docs, **kwargs):
        for document in docs:
            document.text = f'{document.text or ""}|onlyx'
