from jina import Executor, monitor, requests


class Monitored(Executor):
    """The same as monitored.cpp."""

    @requests
    def anything(self, docs, **kwargs):
        with self.monitor('inner_seconds', 'Time of the inner part'):
            self.part()

    @requests(on='/bad')
    def bad(self, docs, **kwargs):
        raise ValueError('bad')

    @monitor()
    def part(self):
        pass
