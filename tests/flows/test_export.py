"""`jina export`: what it writes is valid by the real schemas, means what real Jina's export means, and runs."""
import json
import os
import pathlib
import re
import subprocess
import sys
import xml.etree.ElementTree as xml

import jsonschema
import kubernetes_validate
import pytest
import yaml

from support.http import ask
from support.ports import free_port

ROOT = pathlib.Path(__file__).resolve().parents[2]
HERE = ROOT / 'tests' / 'flows'
SHOP = HERE / 'exports' / 'shop.yml'
KUBERNETES = ('1.27', '1.30', '1.37')
FLOWS = sorted([SHOP, HERE / 'exports' / 'passes.yml', *(HERE / 'samples').glob('*.yml'), *(ROOT / 'examples').glob('*/flow*.yml')])
# Its module is made by CMake, not by `jina build`.
FLOWS.remove(ROOT / 'examples' / 'grpcpp_gateway' / 'flow.yml')

# What samples take from the environment.
VARIABLES = {name: '8080' if name.endswith('PORT') else 'text' for flow in FLOWS for name in re.findall(r'ENV\.(\w+)', flow.read_text())}


def name_of(path):
    return str(path.relative_to(ROOT))


@pytest.fixture(scope='session')
def export(world):
    def run(*arguments, code=0, **environment):
        done = subprocess.run([world.subject, 'export', *map(str, arguments)], capture_output=True, text=True, timeout=60,
                              env={**os.environ, 'JINA_GATEWAY_IMAGE': '', **VARIABLES, **environment})
        assert done.returncode == code, done.stderr
        return done
    return run


@pytest.fixture(scope='session')
def real_export(tmp_path_factory):
    """What real Jina writes for the same Flow."""
    folder = tmp_path_factory.mktemp('real')

    def run(kind, place):
        path = folder / place
        if not path.exists():
            subprocess.run([sys.executable, '-m', 'jina', 'export', kind, str(SHOP), str(path)], check=True, capture_output=True, timeout=100,
                           env={**os.environ, 'JINA_GATEWAY_IMAGE': 'jinaai/jina:3.25.2'})
        return path
    return run


def objects(folder):
    """-> {(kind, name): object}"""
    found = {}
    for file in sorted(folder.glob('*/*.yml')):
        for each in yaml.safe_load_all(file.read_text()):
            found[each['kind'], each['metadata']['name']] = each
    return found


def containers(workload):
    return {each['name']: each for each in workload['spec']['template']['spec']['containers']}


def option(arguments, name):
    """The words behind an option."""
    words = arguments[arguments.index(name) + 1:]
    return words[:next((i for i, word in enumerate(words) if word.startswith('--')), len(words))]


@pytest.fixture(scope='session')
def shop(export, tmp_path_factory):
    folder = tmp_path_factory.mktemp('shop')
    export('kubernetes', SHOP, folder)
    return folder


# ---------------------------------------------------------------- Kubernetes

@pytest.mark.parametrize('flow', FLOWS, ids=name_of)
def test_kubernetes_objects_are_valid(export, tmp_path, flow):
    export('kubernetes', flow, tmp_path)
    found = objects(tmp_path)
    assert ('Deployment', 'gateway') in found
    for each in found.values():
        if each['kind'] == 'ServiceMonitor':  # the Prometheus operator's
            continue
        for version in KUBERNETES:
            kubernetes_validate.validate(each, version, strict=True)


def test_layout_and_names_are_those_of_jina(shop, real_export):
    real = real_export('kubernetes', 'k8s')
    theirs = {str(file.relative_to(real)) for file in real.glob('*/*.yml')}
    ours = {str(file.relative_to(shop)) for file in shop.glob('*/*.yml')}
    assert {file for file in ours if not file.endswith('-monitor.yml')} == theirs
    ours, theirs = objects(shop), objects(real)
    differing = {
        # No volume is mounted in a head: it has no data.
        ('Deployment', 'idx-head'), ('StatefulSet', 'idx-head'),
        # Asked for by `autoscale` and `replicas`, which Jina's export does not know.
        ('HorizontalPodAutoscaler', 'enc-a'), ('HorizontalPodAutoscaler', 'joiner'), ('PodDisruptionBudget', 'enc-a'),
        ('PodDisruptionBudget', 'idx-0'), ('PodDisruptionBudget', 'idx-1'), ('PodDisruptionBudget', 'gateway'),
    }
    assert set(ours) ^ set(theirs) <= differing
    for key in set(ours) & set(theirs):
        if key[0] not in ('Deployment', 'StatefulSet'):
            continue
        assert ours[key]['spec']['template']['metadata']['labels'] == theirs[key]['spec']['template']['metadata']['labels'], key
        assert ours[key]['spec']['selector'] == theirs[key]['spec']['selector'], key


def test_the_gateway_is_told_the_same_topology(shop, real_export):
    theirs = containers(objects(real_export('kubernetes', 'k8s'))['Deployment', 'gateway'])['gateway']['args']
    ours = containers(objects(shop)['Deployment', 'gateway'])['gateway']['args']
    for name in ('--graph-description', '--graph-conditions', '--deployments-addresses'):
        assert json.loads(option(ours, name)[0]) == json.loads(option(theirs, name)[0]), name
    for name in ('--port', '--protocol'):
        assert option(ours, name) == option(theirs, name)


def test_executors_are_told_the_same(shop, real_export):
    theirs, ours = objects(real_export('kubernetes', 'k8s')), objects(shop)
    for key in (('Deployment', 'enc-a'), ('StatefulSet', 'idx-1'), ('Deployment', 'joiner')):
        mine, real = containers(ours[key])['executor'], containers(theirs[key])['executor']
        assert mine['image'] == real['image'] and mine['command'] == real['command']
        for name in ('--name', '--uses', '--uses-with', '--port', '--replicas', '--shards', '--shard-id', '--port-monitoring'):
            if name not in real['args']:
                continue
            said = option(mine['args'], name), option(real['args'], name)
            assert said[0] == said[1] or json.loads(said[0][0]) == json.loads(said[1][0]), (key, name)
        assert '--native' in mine['args']
    head = containers(ours['Deployment', 'idx-head'])
    assert set(head) == {'executor', 'uses-before', 'uses-after'}  # Jina forgets them beside volumes
    assert option(head['executor']['args'], '--uses-before-address') == ['127.0.0.1:8078']
    assert json.loads(option(head['executor']['args'], '--connection-list')[0]) == {'0': ['idx-0.shop.svc:8080'], '1': ['idx-1.shop.svc:8080']}


def test_replicas_are_found_by_name(shop):
    found = objects(shop)
    for name in ('enc-a', 'idx-0', 'idx-1', 'idx-head', 'flo', 'joiner'):
        assert found['Service', name]['spec']['clusterIP'] == 'None'
    assert 'clusterIP' not in found['Service', 'gateway']['spec']
    assert found['Service', 'gateway-1-http']['spec']['ports'][0]['port'] == 8081


def test_probes_ask_the_protocol_itself(shop):
    found = objects(shop)
    gateway = containers(found['Deployment', 'gateway'])['gateway']
    assert gateway['readinessProbe']['httpGet'] == {'path': '/readyz', 'port': 8081}
    assert gateway['livenessProbe']['httpGet'] == {'path': '/livez', 'port': 8081}
    assert '--drain-delay' in gateway['args'] and 'lifecycle' not in gateway
    encoder = containers(found['Deployment', 'enc-a'])['executor']
    assert encoder['readinessProbe']['grpc'] == {'port': 8080}
    assert encoder['startupProbe']['failureThreshold'] * encoder['startupProbe']['periodSeconds'] == 60
    assert encoder['lifecycle']['preStop']


def test_scaling_disruption_resources_and_secrets(shop, export, tmp_path):
    found = objects(shop)
    scaler = found['HorizontalPodAutoscaler', 'enc-a']['spec']
    assert (scaler['minReplicas'], scaler['maxReplicas']) == (2, 5)
    assert scaler['metrics'][0]['resource'] == {'name': 'cpu', 'target': {'type': 'Utilization', 'averageUtilization': 60}}
    assert 'replicas' not in found['Deployment', 'enc-a']['spec']
    assert found['PodDisruptionBudget', 'enc-a']['spec']['maxUnavailable'] == 1
    encoder = containers(found['Deployment', 'enc-a'])['executor']
    assert encoder['resources'] == {'requests': {'cpu': '500m', 'memory': '1Gi'}, 'limits': {'memory': '1Gi'}}
    index = found['StatefulSet', 'idx-0']['spec']
    assert index['serviceName'] == 'idx-0' and index['volumeClaimTemplates'][0]['spec']['storageClassName'] == 'standard'
    executor = containers(found['StatefulSet', 'idx-0'])['executor']
    assert executor['volumeMounts'] == [{'name': 'idx-0-volume', 'mountPath': '/data'}]
    assert executor['resources']['limits'] == {'nvidia.com/gpu': '1'}
    assert {'name': 'TOKEN', 'valueFrom': {'secretKeyRef': {'name': 'sec', 'key': 'tok'}}} in executor['env']
    assert index['template']['spec']['imagePullSecrets'] == [{'name': 'regcred'}]
    assert found['ConfigMap', 'enc-a-configmap']['data'] == {'REGION': 'eu', 'LOG': '1', 'PRICE': '5$'}
    said = export('kubernetes', SHOP, tmp_path, '--k8s-namespace', 'other', JINA_K8S_STORAGE_CLASS_NAME='fast')
    assert "joiner: autoscaling by 'rps'" in said.stderr
    other = objects(tmp_path)
    assert {each['metadata']['namespace'] for each in other.values()} == {'other'}
    assert other['StatefulSet', 'idx-0']['spec']['volumeClaimTemplates'][0]['spec']['storageClassName'] == 'fast'
    assert 'grpc://enc-a.other.svc:8080' in str(other['Deployment', 'gateway'])


def test_the_readme_names_the_images_and_the_dockerfile_compiles_the_flow(export, tmp_path):
    export('kubernetes', ROOT / 'examples' / 'hello_gateway' / 'flow.yml', tmp_path, '--base-image', 'reg.example/jina:1', '--image', 'reg.example/hello:2')
    readme = (tmp_path / 'README.md').read_text()
    assert 'reg.example/hello:2' in readme and 'reg.example/jina:1' in readme and 'kubectl apply -R -f' in readme
    dockerfile = (tmp_path / 'Dockerfile').read_text()
    assert 'FROM reg.example/jina:1-devel AS build' in dockerfile and 'jina build flow.yml' in dockerfile
    assert '`FOLDER` is the folder that has `hello_gateway/flow.yml`' in readme
    assert '**/__pycache__' in (tmp_path / 'Dockerfile.dockerignore').read_text()
    gateway = containers(objects(tmp_path)['Deployment', 'gateway'])['gateway']
    assert gateway['image'] == 'reg.example/hello:2'
    assert not any(str(ROOT) in word for word in gateway['args']), 'paths of this machine mean nothing there'


def test_the_readme_says_which_port_speaks_what(export, tmp_path):
    (tmp_path / 'flow.yml').write_text('jtype: Flow\nwith: {protocol: [grpc, http]}\nexecutors:\n  - {name: a}\n')
    export('kubernetes', tmp_path / 'flow.yml', tmp_path / 'out')
    rows = re.findall(r'^\| (\w+) \| `(\S+)` \| (\d+) \|$', (tmp_path / 'out' / 'README.md').read_text(), re.MULTILINE)
    services = {name: each for (kind, name), each in objects(tmp_path / 'out').items() if kind == 'Service'}
    assert [row[0] for row in rows] == ['grpc', 'http']
    for _, service, port in rows:
        assert services[service]['spec']['ports'][0]['port'] == int(port)


# ---------------------------------------------------------------- Docker Compose

@pytest.fixture(scope='session')
def as_compose_reads():
    program = os.environ.get('JINA_COMPOSE') or ROOT / '.cache' / 'go' / 'compose'
    if not os.access(program, os.X_OK):
        pytest.fail(f'{program} is missing; ./dev test flows builds it from tools/go/compose')

    def read(path):
        done = subprocess.run([str(program), str(path)], capture_output=True, text=True, timeout=60, env={**os.environ, 'TOKEN': 'secret'})
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)
    return read


@pytest.mark.parametrize('flow', FLOWS, ids=name_of)
def test_compose_reads_the_file_and_every_address_is_a_service(export, as_compose_reads, tmp_path, flow):
    export('docker-compose', flow, tmp_path / 'docker-compose.yml')
    services = as_compose_reads(tmp_path / 'docker-compose.yml')['services']
    external = {str(host) for item in yaml.safe_load(flow.read_text().replace('!', '# ')).get('executors') or []
                if isinstance(item, dict) and item.get('external') for host in [item['host']]}
    for name, service in services.items():
        for host in re.findall(r'"(?:grpc://)?([\w.-]+):\d+"', ' '.join(service['command'])):
            assert host in services or host in external or host == 'host.docker.internal', (name, host)
        for other, how in (service.get('depends_on') or {}).items():
            assert other in services and how['condition'] == 'service_healthy'
    assert services['gateway']['ports']


def test_services_are_those_of_jina(export, real_export, as_compose_reads, tmp_path):
    export('docker-compose', SHOP, tmp_path / 'compose.yml', '--network_name', 'shop-net')
    ours = as_compose_reads(tmp_path / 'compose.yml')
    theirs = as_compose_reads(real_export('docker-compose', 'compose.yml'))
    assert set(ours['services']) == set(theirs['services'])
    assert 'shop-net' in ours['networks'] and list(ours['services']['gateway']['networks']) == ['shop-net']
    assert [each['published'] for each in ours['services']['gateway']['ports']] == ['51000', '51001']
    encoder = ours['services']['enc-a-rep-0']
    assert encoder['environment']['PRICE'] == '5$' and ours['services']['idx-0-rep-1']['environment']['TOKEN'] == 'secret'
    assert set(ours['services']['gateway']['depends_on']) == {'enc-a-rep-0', 'enc-a-rep-1', 'idx-head', 'flo', 'joiner'}
    assert set(ours['services']['idx-head']['depends_on']) == {'idx-uses-before', 'idx-uses-after', 'idx-0-rep-0', 'idx-0-rep-1', 'idx-1-rep-0', 'idx-1-rep-1'}
    gpu = ours['services']['idx-0-rep-0']['deploy']['resources']['reservations']['devices'][0]
    assert gpu['count'] == 1 and gpu['capabilities'] == ['gpu']


def test_what_compose_would_start_serves(export, as_compose_reads, scoped, tmp_path):
    """The commands as they stand, each service at a port of this machine instead of a host of its own."""
    export('docker-compose', HERE / 'exports' / 'passes.yml', tmp_path / 'compose.yml')
    services = as_compose_reads(tmp_path / 'compose.yml')['services']
    ports = {name: free_port() for name in services}

    def here(word):
        return re.sub(r'\b([\w-]+):8081\b', lambda match: f'127.0.0.1:{ports[match[1]]}' if match[1] in ports else match[0], word)

    processes = []
    for name, service in services.items():
        words = [here(word) for word in service['command']]
        words[words.index('--port') + 1] = str(ports[name])
        if name == 'gateway':
            words += ['--protocol', 'HTTP', '--drain-delay', '0']
        processes.append((name, scoped.processes.start(name, [scoped.subject, *words])))
    for name, process in processes:
        kind = 'gateway' if name == 'gateway' else 'executor'
        url = f'{"http" if name == "gateway" else "grpc"}://127.0.0.1:{ports[name]}'
        process.wait_ready(lambda kind=kind, url=url: subprocess.run([scoped.subject, 'ping', kind, url, '--timeout', '1000'],
                                                                     capture_output=True, timeout=20).returncode == 0)
    answer = ask(ports['gateway'], '/post', method='POST', body=json.dumps({'execEndpoint': '/x', 'data': [{'text': 'hello'}]}).encode())
    assert [doc['text'] for doc in json.loads(answer.body)['data']] == ['hello'], 'those of the shards are one Document'


# ---------------------------------------------------------------- pictures

@pytest.mark.parametrize('layout', [(), ('--vertical-layout',)], ids=['horizontal', 'vertical'])
def test_texts_stay_inside_their_boxes(export, page, tmp_path, layout):
    export('flowchart', SHOP, tmp_path / 'flow.svg', *layout)
    xml.parse(tmp_path / 'flow.svg')
    page.open((tmp_path / 'flow.svg').as_uri())
    page.wait_for("document.querySelectorAll('g').length == 7")
    outside = page.ask('''(() => {
        const wrong = [];
        for (const group of document.querySelectorAll('g')) {
          const card = [...group.querySelectorAll('rect')].filter(each => /card|pill/.test(each.getAttribute('class'))).pop().getBBox();
          for (const text of group.querySelectorAll('text')) {
            const box = text.getBBox();
            if (box.x < card.x || box.x + box.width > card.x + card.width || box.y + box.height > card.y + card.height) wrong.push(text.textContent);
          }
        }
        const all = [...document.querySelectorAll('g')].map(each => each.getBBox());
        const size = document.documentElement.viewBox.baseVal;
        for (const box of all) if (box.x < 0 || box.y < 0 || box.x + box.width > size.width || box.y + box.height > size.height) wrong.push('outside the picture');
        return wrong; })()''')
    assert outside == []
    shown = page.ask("document.documentElement.textContent")
    for text in ('2 replicas', '2 shards', 'floating', 'external', 'when tags__x = 1', 'some.host:1234'):
        assert text in shown


def test_colours_follow_the_theme_of_the_reader(export, page, tmp_path):
    export('flowchart', SHOP, tmp_path / 'flow.svg')
    page.open((tmp_path / 'flow.svg').as_uri())
    page.wait_for("document.querySelector('.paper') !== null")
    colours = {}
    for theme in ('light', 'dark'):
        page._send('Emulation.setEmulatedMedia', features=[{'name': 'prefers-color-scheme', 'value': theme}])
        colours[theme] = page.ask("['.paper', '.heading', '.card'].map(each => getComputedStyle(document.querySelector(each)).fill)")
    assert all(light != dark for light, dark in zip(colours['light'], colours['dark']))


@pytest.mark.parametrize('flow', FLOWS, ids=name_of)
def test_every_flow_has_a_picture(export, tmp_path, flow):
    for place in ('flow.svg', 'flow.mmd', 'flow.md'):
        export('flowchart', flow, tmp_path / place)
    xml.parse(tmp_path / 'flow.svg')
    lines = (tmp_path / 'flow.mmd').read_text()
    boxes = set(re.findall(r'^  (box_\w+)\W', lines, re.M))
    for line in re.findall(r'^  (box_\w+) (?:-->|-\.->) (box_\w+)$', lines, re.M):
        assert set(line) <= boxes
    assert (tmp_path / 'flow.md').read_text() == '```mermaid\n' + lines + '```\n'


# ---------------------------------------------------------------- schema

class TaggedLoader(yaml.SafeLoader):
    """`!Class` in front of a map is its jtype; `on` is a text, as in Jina."""


TaggedLoader.add_multi_constructor('!', lambda loader, tag, node: {'jtype': tag, **loader.construct_mapping(node, deep=True)})


@pytest.fixture(scope='session')
def schema(export):
    found = json.loads(export('schema').stdout)
    jsonschema.Draft7Validator.check_schema(found)
    return jsonschema.Draft7Validator(found)


SAMPLES = sorted({*FLOWS, *(ROOT / 'examples').rglob('*.yml'), *(HERE / 'samples').rglob('*.yml')})


@pytest.mark.parametrize('sample', SAMPLES, ids=name_of)
def test_samples_are_valid_by_the_schema(schema, sample):
    schema.validate(yaml.load(sample.read_text(), TaggedLoader))


@pytest.mark.parametrize('text, wrong', [
    ('{jtype: Flow, executers: []}', 'executers'),
    ('{jtype: Flow, executors: [{name: a, replica: 2}]}', 'replica'),
    ('{jtype: Flow, executors: [{name: a, replicas: many}]}', 'many'),
    ('{jtype: Flow, with: {protocol: smtp2, port: 99999}}', '99999'),
    ('{jtype: Deployment, shard: 2}', 'shard'),
    ('{jtype: MyGateway, port: [1, 2], withs: {}}', 'withs'),
])
def test_mistakes_are_found_by_the_schema(schema, text, wrong):
    errors = [str(error) for error in schema.iter_errors(yaml.safe_load(text))]
    assert errors and any(wrong in error for error in errors)


def test_schema_and_arguments_are_written_where_said(export, tmp_path):
    export('schema', '--schema-path', tmp_path / 'a.json', tmp_path / 'b.json', '--json-path', tmp_path / 'c.json', '--yaml-path', tmp_path / 'c.yml')
    assert (tmp_path / 'a.json').read_text() == (tmp_path / 'b.json').read_text()
    api = json.loads((tmp_path / 'c.json').read_text())
    assert yaml.safe_load((tmp_path / 'c.yml').read_text()) == api
    assert {'flow', 'gateway', 'executor', 'export'} <= {method['name'] for method in api['methods']}
    replicas = next(each for method in api['methods'] if method['name'] == 'executor' for each in method['options'] if each['name'] == 'replicas')
    assert replicas['default'] == 1 and replicas['option_strings'] == ['--replicas'] and replicas['type'] == 'int'


def test_the_schema_goes_to_the_place_that_comes_behind_it(export, tmp_path):
    export('schema', tmp_path / 'deep' / 'a.json')
    assert json.loads((tmp_path / 'deep' / 'a.json').read_text()) == json.loads(export('schema').stdout)


# ---------------------------------------------------------------- wrong use

@pytest.mark.parametrize('words, code, message', [
    ([], 2, 'say what: kubernetes, docker-compose, flowchart, schema'),
    (['kubernets', SHOP, 'x'], 2, "did you mean 'kubernetes'?"),
    (['kubernetes', SHOP], 2, 'jina export kubernetes flow.yml FOLDER'),
    (['flowchart', SHOP, 'flow.png'], 2, '.svg'),
    (['kubernetes', 'nowhere.yml', 'x'], 1, 'nowhere.yml'),
    (['schema', SHOP], 2, 'jina export schema jina.schema.json'),
    (['schema', SHOP, 'x.json'], 2, 'jina export schema x.json'),
], ids=['nothing', 'unknown', 'no place', 'png', 'no flow', 'schema over a flow', 'schema of a flow'])
def test_wrong_use_says_what_to_do(export, words, code, message):
    assert message in export(*words, code=code).stderr


def test_executors_in_the_gateways_process_come_with_it(export, tmp_path):
    (tmp_path / 'a.cpp').touch()
    (tmp_path / 'flow.yml').write_text('jtype: Flow\nexecutors:\n  - {name: a, uses: A, py_modules: a.cpp, colocate: true, uses_with: {n: 1}, env: {X: y}}\n  - {name: b}\n')
    export('kubernetes', tmp_path / 'flow.yml', tmp_path / 'out')
    found = objects(tmp_path / 'out')
    gateway = containers(found['Deployment', 'gateway'])['gateway']
    assert json.loads(option(gateway['args'], '--colocate')[0]) == {'a': {'uses': 'A', 'py_modules': ['a.cpp'], 'uses_with': {'n': 1}}}
    assert list(json.loads(option(gateway['args'], '--deployments-addresses')[0])) == ['b']
    assert gateway['image'] != 'jina:0.1.0' and found['ConfigMap', 'gateway-configmap']['data'] == {'X': 'y'}
    assert ('Deployment', 'a') not in found


def test_files_beside_the_folder_of_the_flow_widen_what_the_image_is_made_of(export, tmp_path):
    (tmp_path / 'shared').mkdir()
    (tmp_path / 'shared' / 'a.cpp').touch()
    (tmp_path / 'flow').mkdir()
    (tmp_path / 'flow' / 'flow.yml').write_text('jtype: Flow\nexecutors:\n  - name: a\n    uses: A\n    py_modules: ../shared/a.cpp\n')
    export('docker-compose', tmp_path / 'flow' / 'flow.yml', tmp_path / 'flow' / 'compose.yml')
    service = yaml.safe_load((tmp_path / 'flow' / 'compose.yml').read_text())['services']['a']
    assert service['build']['context'] == '..' and 'WORKDIR /workdir/flow' in service['build']['dockerfile_inline']
    assert option(service['command'], '--py-modules') == ['../shared/a.cpp']


def test_modules_of_a_yaml_widen_it_too(export, tmp_path):
    (tmp_path / 'shared').mkdir()
    (tmp_path / 'shared' / 'a.cpp').touch()
    (tmp_path / 'flow').mkdir()
    (tmp_path / 'flow' / 'a.yml').write_text('jtype: A\npy_modules: ../shared/a.cpp\n')
    (tmp_path / 'flow' / 'flow.yml').write_text('jtype: Flow\nexecutors:\n  - name: a\n    uses: a.yml\n')
    export('docker-compose', tmp_path / 'flow' / 'flow.yml', tmp_path / 'flow' / 'compose.yml')
    service = yaml.safe_load((tmp_path / 'flow' / 'compose.yml').read_text())['services']['a']
    assert service['build']['context'] == '..' and 'WORKDIR /workdir/flow' in service['build']['dockerfile_inline']
    assert option(service['command'], '--uses') == ['a.yml']


def test_files_that_share_no_folder_with_the_flow_are_refused_with_their_place(export, tmp_path):
    (tmp_path / 'flow.yml').write_text('jtype: Flow\nexecutors:\n  - name: a\n    uses: A\n    py_modules: /etc/hostname\n')
    said = export('kubernetes', tmp_path / 'flow.yml', tmp_path / 'out', code=1).stderr
    assert 'flow.yml:4:11' in said and 'no folder in common' in said and 'docker://' in said
