"""Headless Chromium over its debugging protocol: opens a page, asks it things, remembers what it complained about."""
import contextlib
import json
import shutil
import time
import urllib.request

from websockets.sync.client import connect

from support.ports import free_port


class Page:
    def __init__(self, url):
        self._socket, self._number = connect(url, max_size=None, open_timeout=20), 0
        self.complaints = []
        for domain in ('Runtime', 'Log', 'Network', 'Page'):
            self._send(f'{domain}.enable')

    def _send(self, method, **parameters):
        self._number += 1
        self._socket.send(json.dumps({'id': self._number, 'method': method, 'params': parameters}))
        while True:
            message = json.loads(self._socket.recv(timeout=30))
            if message.get('id') == self._number:
                if 'error' in message:
                    raise RuntimeError(f'{method}: {message["error"]}')
                return message['result']
            self._remember(message)

    def _remember(self, event):
        method, parameters = event.get('method'), event.get('params', {})
        if method == 'Runtime.exceptionThrown':
            self.complaints.append(parameters['exceptionDetails'].get('text', 'exception'))
        elif method == 'Log.entryAdded' and parameters['entry']['level'] == 'error':
            self.complaints.append(f'{parameters["entry"]["text"]} {parameters["entry"].get("url", "")}')
        elif method == 'Runtime.consoleAPICalled' and parameters['type'] in ('error', 'assert'):
            self.complaints.append(' '.join(str(each.get('value', each.get('description'))) for each in parameters['args']))
        elif method == 'Network.requestWillBeSent':
            self.requested.append(parameters['request']['url'])

    def open(self, url):
        self.requested = []
        self._send('Page.navigate', url=url)

    def ask(self, expression):
        """The value of a JavaScript expression; a promise is awaited."""
        result = self._send('Runtime.evaluate', expression=expression, returnByValue=True, awaitPromise=True)
        if 'exceptionDetails' in result:
            raise RuntimeError(result['exceptionDetails'])
        return result['result'].get('value')

    def wait_for(self, expression, deadline_s=90):
        """Asks until the expression is true; gives its value."""
        end = time.monotonic() + deadline_s
        while True:
            with contextlib.suppress(RuntimeError):  # there is no document yet
                value = self.ask(expression)
                if value:
                    return value
            if time.monotonic() > end:
                shown = self.ask('document.body ? document.body.innerText : "no document"')
                raise AssertionError(f'not within {deadline_s} s: {expression}\ncomplaints: {self.complaints}\n{shown[:2000]}')
            time.sleep(0.05)

    def type(self, selector, text):
        """Replaces what is in an input, as a keyboard does."""
        self.ask(f'(() => {{ const element = document.querySelector({json.dumps(selector)}); element.focus(); element.select(); }})()')
        self._send('Input.insertText', text=text)
        self.ask('document.activeElement.blur()')

    def close(self):
        """Ends the browser."""
        self._send('Browser.close')
        self._socket.close()


def open_browser(processes, profile):
    """-> a Page of a new Chromium."""
    program = shutil.which('chromium') or shutil.which('chromium-browser') or shutil.which('google-chrome')
    assert program, 'there is no Chromium; ./dev test installs it'
    port = free_port()
    browser = processes.start('chromium', [
        program, '--headless', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run', '--disable-extensions',
        '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-proxy-server',
        f'--remote-debugging-port={port}', f'--user-data-dir={profile}', 'about:blank'])

    def targets():
        try:
            with urllib.request.urlopen(f'http://127.0.0.1:{port}/json/list', timeout=2) as answer:
                return [each for each in json.load(answer) if each['type'] == 'page']
        except OSError:
            return []
    browser.wait_ready(targets, deadline_s=60)
    return Page(targets()[0]['webSocketDebuggerUrl'])
