"""What the gateway sent to the Executor for one case, recorded and seen by the spy, in one form."""
from support import golden, masks
from support.wire import DISCOVERY, METHODS, REFLECTION


def expected(case, volatile=()):
    """[{method, metadata, timeout_s, tries, request}] as recorded; `volatile` as in masks.proto()."""
    calls = []
    for entry in case.get('upstream', []):
        calls.append({'method': entry['method'], 'metadata': entry.get('metadata', []), 'timeout_s': half_seconds(entry.get('timeout_s')),
                      'tries': entry.get('tries', 1),
                      'request': masks.proto(entry['types'][0], golden.read(entry['request_files'][0]), volatile)})
    return ordered(calls)


def actual(spy, volatile=()):
    """The same of what the spy saw since forget()."""
    return ordered(arrived(spy, volatile))


def first(spy, volatile=()):
    """Only the call that arrived first: what was recorded for HTTP and WebSocket."""
    return arrived(spy, volatile)[:1]


def arrived(spy, volatile):
    """Calls in order of arrival; equal requests are tries of one."""
    calls = []
    for seen in spy.seen():
        if seen.method in (REFLECTION.path, DISCOVERY.path) or not seen.requests:
            continue
        entry = {'method': seen.method, 'metadata': seen.metadata, 'timeout_s': half_seconds(seen.timeout_s), 'tries': 1,
                 'request': masks.proto(METHODS[seen.method].request, seen.requests[0], volatile)}
        same = next((other for other in calls if {**other, 'tries': 1} == entry), None)
        if same:
            same['tries'] += 1
        else:
            calls.append(entry)
    return calls


def half_seconds(timeout_s):
    """The deadline as seen by the spy shrinks on the way; half a second is near enough to tell one setting from another."""
    return None if timeout_s is None else round(timeout_s * 2) / 2


def ordered(calls):
    return sorted(calls, key=lambda entry: entry['request'].get('header', {}).get('request_id', ''))
