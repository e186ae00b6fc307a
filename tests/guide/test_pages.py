"""/docs and /redoc of a custom gateway in a real browser: they render, ask nobody else, and a request sent from them is answered."""
import pytest

from gateways import MODULES, start


@pytest.fixture(scope='module')
def shop(world, upper):
    with world.scope():
        yield start(world, 'Shop', {'upper': upper}, modules=[MODULES / 'shop.cpp'])


def asks_nobody_else(page, port):
    others = [url for url in page.requested if not url.startswith((f'http://127.0.0.1:{port}/', 'data:', 'blob:'))]
    assert not others


def test_docs_send_a_request(shop, page):
    page.open(f'http://127.0.0.1:{shop.port}/docs')
    page.wait_for("document.querySelectorAll('.opblock').length >= 5")
    assert page.ask("document.querySelector('.info .title').innerText").startswith('Shop')
    page.ask("document.querySelector('[id$=\"put\"] button.opblock-summary-control, .opblock-put button').click()")
    page.wait_for("!!document.querySelector('.opblock-put .try-out__btn')")
    page.ask("document.querySelector('.opblock-put .try-out__btn').click()")
    page.wait_for("!!document.querySelector('.opblock-put textarea')")
    page.type('.opblock-put tr[data-param-name="id"] input', '7')
    page.type('.opblock-put textarea', '{"name": "apple", "price": 2}')
    page.wait_for("!!document.querySelector('.opblock-put .execute')")
    page.ask("document.querySelector('.opblock-put .execute').click()")
    status = page.wait_for("(document.querySelector('.opblock-put .live-responses-table tr.response .response-col_status') || {}).innerText")
    assert status.startswith('201')
    assert shop.ask('/items/7').json == {'name': 'apple', 'price': 2.0, 'tags': ['new']}
    asks_nobody_else(page, shop.port)
    assert page.complaints == []


def test_redoc_renders(shop, page):
    page.open(f'http://127.0.0.1:{shop.port}/redoc')
    text = page.wait_for("document.body.innerText.includes('Stores an item') && document.body.innerText")
    assert 'Shop' in text and 'Searches' in text
    asks_nobody_else(page, shop.port)
    assert page.complaints == []


def test_openapi_comes_from_the_types(shop):
    document = shop.ask('/openapi.json').json
    assert document['info'] == {'title': 'Shop', 'version': '2.0', 'description': 'A gateway with a **description**.'}
    item = document['components']['schemas']['Item']
    assert item['required'] == ['name']
    assert item['properties']['price']['default'] == 1.5
    search = {each['name']: each for each in document['paths']['/search']['get']['parameters']}
    assert search['text']['required'] is True and search['text']['schema']['minLength'] == 2
    assert search['limit']['required'] is False and search['limit']['schema']['maximum'] == 100
    assert set(document['paths']['/items/{id}']['put']['responses']) == {'201', '400', '422'}


def test_wrong_input_is_422_with_every_place(shop):
    answer = shop.ask('/items/seven', method='PUT', body={'price': 'much', 'tags': ['a', 2, {}]})
    assert answer.status == 422
    assert [(each['loc'], each['type']) for each in answer.json['detail']] == [
        (['path', 'id'], 'type_error.integer'),
        (['body', 'name'], 'value_error.missing'),
        (['body', 'price'], 'type_error.float'),
        (['body', 'tags', 2], 'type_error.str'),
    ]


def test_a_handler_that_throws_tells_strangers_nothing(shop):
    answer = shop.ask('/boom')
    assert answer.status == 500
    assert answer.json['detail'] == 'Internal Server Error'
    assert '1234' not in answer.text
    [line] = [line for line in shop.process.log().splitlines() if answer.json['id'] in line]
    for word in ('the password is 1234', '/boom', 'Shop'):
        assert word in line
    assert shop.ask('/items/8').status == 404  # and goes on


def test_documents_in_and_out_as_jina_writes_them(shop):
    answer = shop.ask('/documents', method='POST', body=[{'text': 'hello', 'tags': {'n': 1}}])
    [doc] = answer.json
    assert doc['text'] == 'HELLO' and doc['tags'] == {'n': 1.0} and doc['embedding'] is None
