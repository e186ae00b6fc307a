"""HTTP requests as the tests send them: one connection each, nothing hidden."""
import http.client
import json


class Answer:
    def __init__(self, response):
        self.status, self.headers, self.body = response.status, dict(response.getheaders()), response.read()

    @property
    def text(self):
        return self.body.decode()

    @property
    def json(self):
        return json.loads(self.body)


def ask(port, path='/', method='GET', body=None, headers=None, timeout=20):
    """One HTTP request. A dict or list as body goes as JSON."""
    headers = dict(headers or {})
    if isinstance(body, (dict, list)):
        body = json.dumps(body)
        headers.setdefault('content-type', 'application/json')
    connection = http.client.HTTPConnection('127.0.0.1', port, timeout=timeout)
    try:
        connection.request(method, path, body, headers)
        return Answer(connection.getresponse())
    finally:
        connection.close()


def answers(port, path='/'):
    """Does something on that port answer HTTP, whatever it says?"""
    try:
        ask(port, path, timeout=2)
        return True
    except (OSError, http.client.HTTPException):
        return False
