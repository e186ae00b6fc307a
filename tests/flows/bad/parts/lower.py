from jina import DocumentArray, Executor, requests


class Lower(Executor):
    def __init__(self, prefix: str = '', **kwargs):
        super().__init__(**kwargs)
        self.prefix = prefix

    @requests
    def lower(self, docs: DocumentArray, **kwargs):
        for doc in docs:
            doc.text = self.prefix + doc.text.lower()
