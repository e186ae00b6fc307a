"""The recorded Flows: which real Executors (and heads) stand behind the gateway, under the arguments of their recording."""
import json

from support import golden
from support.processes import HERE

NAMES = ('chain', 'diamond', 'no_reduce', 'conditions', 'floating', 'shards', 'shards_no_reduce')


def tag(name, sets='text', delay=0, *more):
    return {f'{name}/rep-0': ['--uses', 'Tag', '--py-modules', str(HERE / 'zoo.py'), '--uses-with',
                              json.dumps({'sets': sets, 'delay': delay}), *more]}


def shard(number, sets, *more):
    return {f's/shard-{number}/rep-0': [*tag('s', sets)['s/rep-0'], '--shard-id', str(number), '--shards', '2', *more]}


def executors_of(topology):
    """{pod name: arguments of `jina executor`}"""
    if topology == 'chain':
        only_x = {'x/rep-0': ['--uses', 'OnlyX', '--py-modules', str(HERE / 'zoo.py')]}
        return {**tag('a'), **only_x, **tag('b')}
    if topology in ('diamond', 'no_reduce'):
        joiner = ['--no-reduce'] if topology == 'no_reduce' else []
        return {**tag('a', 'text,tags,match,chunk'), **tag('b', 'text,tags,emb,weight,match,chunk', 0.15), **tag('c', '', 0, *joiner)}
    if topology == 'conditions':
        return {**tag('a'), **tag('b', 'text', 0.15), 'j/rep-0': []}
    if topology == 'floating':
        return {**tag('a'), **tag('fl', 'text', 0.3), **tag('b')}
    if topology == 'shards':
        return {**shard(0, 'text,match'), **shard(1, 'text,match'), **tag('r'), 'r/rep-1': tag('r')['r/rep-0'] + ['--replica-id', '1']}
    return {**shard(0, 'text', '--no-reduce'), **shard(1, 'text', '--no-reduce')}


def arguments_of(topology):
    return golden.read_json(f'topology/{topology}.args.json')


def start(world, topology, head_program=None):
    """Starts everything; returns the gateway. Heads are run by real Jina, or by `head_program`."""
    recorded = arguments_of(topology)
    _, ports = world.python_executors(executors_of(topology))
    heads = {}
    for name, head in recorded['heads'].items():
        connections = {shard: [f'127.0.0.1:{ports[f"{name}/shard-{shard}/rep-0"]}'] for shard in head['connection_list']}
        heads[f'{name}/head'] = ['--runtime-cls', 'HeadRuntime', '--pod-role', 'HEAD', '--connection-list', json.dumps(connections),
                                 '--polling', head['polling'], *(['--no-reduce'] if head['no_reduce'] else [])]
    ports.update(world.heads(heads, head_program))
    arguments = recorded['gateway_args']
    addresses = {}
    for name in arguments['deployments_addresses']:
        pods = [pod for pod in ports if pod == f'{name}/head'] or sorted(pod for pod in ports if pod.startswith(f'{name}/'))
        addresses[name] = [ports[pod] for pod in pods]
    return world.gateway(addresses, graph=arguments['graph_description'], graph_conditions=arguments['graph_conditions'],
                         deployments_metadata=arguments['deployments_metadata'], deployments_no_reduce=arguments['deployments_no_reduce'])
