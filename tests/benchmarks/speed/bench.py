"""geminisrc beside its alternatives and the floor under all of them: see docs/performance.md.

    scripts/bench [--quick] [--only SECTION] [--markdown] [--hour] [--plot FILE.svg] [--build DIR]
"""
import argparse
import os
from pathlib import Path

import plots
import shares as instructions
from measure import Bench, Spread, quantile
from tables import Tables

NAMES = {
    'raw': 'a socket that only reads',
    'soup': 'libsoup that only reads',
    'bare': 'libsoup, json-glib',
    'element': 'geminisrc is-live=false',
    'live': 'geminisrc',
    'python': 'Python, websockets',
    'javascript': 'JavaScript, @google/genai',
}


def name_of(client):
    return NAMES[client] if isinstance(client, str) else f'{NAMES[client[0]]}, TLS'


def ratio(results, client, base, value):
    return Spread(value(a) / value(b) for a, b in zip(results[client], results[base]) if value(b) > 0)


def per_second(result):
    """Processor time for a second of speech, in ms."""
    return result['cpu_us'] / result['speech_ms']


def median_latency(result):
    return quantile(result['latency_us'], .5)


def peak_mb(result):
    return result['peak_kb'] / 1024


def grown_mb(result):
    return (result['peak_kb'] - result['start_kb']) / 1024


def at_real_time(bench, clients, chunk, rounds):
    results = {client: [] for client in clients}
    for _ in range(1 if bench.quick else rounds):
        question = f'say {chunk} 100 {960 if bench.quick else 12000}'
        for client, result in bench.side_by_side(clients, f'say {chunk} 0 4800', question).items():
            results[client].append(result)
    return results


def real_time(bench, show, data):
    clients = [name for name in bench.clients if name in NAMES]
    for chunk in (240,) if bench.quick else (240, 40):
        results = at_real_time(bench, clients, chunk, 5)
        rows = []
        for name, rounds in results.items():
            times = [Spread(quantile(r['latency_us'], share) for r in rounds) for share in (.5, .95, .99)]
            # Only the first of a turn leaves a live source at once: one value a round, no percentiles.
            told = [f'{t:.0f}' for t in times[:1]] + ['–', '–'] if name == 'live' else [f'{t:.0f}' for t in times]
            rows.append((NAMES[name], *told, f'{ratio(results, name, "bare", median_latency):.2f}',
                         f'{Spread(map(per_second, rounds)):.2f}', f'{ratio(results, name, "bare", per_second):.2f}',
                         f'{Spread(r["switches"] * 1000 / r["speech_ms"] for r in rounds):.1f}',
                         f'{Spread(map(peak_mb, rounds)).median:.1f}'))
            data[f'real time {chunk}', name] = {'latency': [t.median for t in times[:1 if name == 'live' else 3]],
                                                'cpu': Spread(map(per_second, rounds)).median}
        show(f'Chunks of {chunk} ms',
             ('', 'p50, µs', 'p95', 'p99', 'to libsoup', 'CPU, ms a second of speech', 'to libsoup', 'switches a second',
              'peak MB'), rows)


def tls(bench, show, data):
    if not bench.secure():
        return
    names = [name for name in bench.clients if name in NAMES and name not in ('raw', 'soup')]
    clients = [client for name in names for client in (name, (name, 'TLS'))]
    for chunk in (240,) if bench.quick else (240, 40):
        results = at_real_time(bench, clients, chunk, 3)
        rows = []
        for name in names:
            secure = name, 'TLS'
            rows.append((NAMES[name], f'{Spread(map(per_second, results[secure])):.2f}',
                         f'{ratio(results, secure, ("bare", "TLS"), per_second):.2f}',
                         f'{ratio(results, secure, name, per_second):.2f}',
                         f'{Spread(map(median_latency, results[secure])):.0f}',
                         f'{ratio(results, secure, name, median_latency):.2f}',
                         *(f'{Spread(map(peak_mb, results[client])).median:.1f}' for client in (secure, name))))
        show(f'Chunks of {chunk} ms over TLS',
             ('', 'CPU, ms a second of speech', 'to libsoup over TLS', 'to itself without', 'p50, µs', 'to itself without',
              'peak MB', 'without'), rows)


def bursts(bench, show, data):
    clients = [name for name in bench.clients if name in NAMES and name != 'live']
    length = 9600 if bench.quick else 600000
    results = bench.in_turn(clients, 'say 240 0 2400' if bench.quick else 'say 240 0 120000', f'say 240 0 {length}', 1,
                            1 if bench.quick else 7)
    rows = []
    for name, rounds in results.items():
        against = 'javascript' if 'javascript' in results else 'bare'
        rows.append((NAMES[name], f'{Spread(per_second(r) * 1000 for r in rounds):.0f}',
                     f'{ratio(results, name, "bare", per_second):.2f}', f'{ratio(results, name, against, per_second):.2f}',
                     f'{Spread(map(grown_mb, rounds)):.1f}'))
        data['burst', name] = {'cpu': Spread(map(per_second, rounds)).median}
    show(f'{length // 1000} s of speech at once',
         ('', 'µs a second of speech', 'to libsoup, json-glib', 'to JavaScript', 'MB it grew by'), rows)


def shares(bench, show, data):
    show('Instructions for a second of speech in a burst, thousands', *instructions.table(bench, name_of))


def start(bench, show, data):
    names = [name for name in bench.clients if name in NAMES]
    secure = [(name, 'TLS') for name in names if name != 'raw'] if bench.secure() else []
    results = bench.in_turn(names + secure, 'say 240 0 240', 'say 240 0 240', 2 if bench.quick else 10,
                            1 if bench.quick else 7)
    rows, ways = [], []
    for name in names:
        requests = [value for r in results[name] for value in r['request_us']]
        cold = [Spread(r['cold_us'] / 1000 for r in results.get(client, ())) for client in (name, (name, 'TLS'))]
        rows.append((NAMES[name], *(f'{time:.1f}' for time in cold), f'{quantile(requests, .5):.0f}',
                     f'{quantile(requests, .95):.0f}', f'{max(requests):.0f}'))
    for client, rounds in results.items():
        phases = [Spread(values).median / 1000 for values in zip(*(r['phases_us'] for r in rounds))]
        connect, handshake, setup, question, wait, audio = phases
        ways.append((name_of(client), *(f'{time:.2f}' for time in (connect, handshake, setup, question, wait + audio))))
    show('From nothing to the first audio, and the question in an open session',
         ('', 'cold, ms', 'cold over TLS, ms', 'question, µs: p50', 'p95', 'most'), rows)
    show('Where a cold start goes, ms, medians',
         ('', 'to a connection', 'TLS', 'to the setup', 'to the question', 'to the audio'), ways)


def tts(bench, show, data):
    """A request is a question, too."""
    rows = []
    for how, secure in ('', False), (', TLS', True):
        if secure and not bench.secure():
            continue
        requests = {}
        for name, ending in ('kept', ''), ('new', ' close'):
            question = 'say 240 0 240' + ending
            rounds = [bench.run(('tts', 'TLS') if secure else 'tts', question, question, 5 if bench.quick else 40)
                      for _ in range(1 if bench.quick else 3)]
            requests[name] = [value for r in rounds for value in r['request_us']]
        for name, values in requests.items():
            rows.append((f'a {name} connection{how}', *(f'{quantile(values, share) / 1000:.2f}' for share in (.5, .95, 1)),
                         f'{quantile(values, .5) / quantile(requests["kept"], .5):.1f}'))
    show('api=tts, from the text to the server that has read it, ms', ('', 'p50', 'p95', 'most', 'to a kept one'), rows)


def growth(bench, show, data):
    rows = []
    lengths = (10, 60), (60, 10), (600, 2), (3600, 1)
    for speed, name in (0, 'at once'), (2000, '20 times real time'):
        for seconds, turns in lengths:
            if bench.quick and (speed or seconds > 60) or seconds * speed > 600 * 2000 and not bench.hour:
                continue
            turns = 1 if bench.quick else turns if speed == 0 else max(1, turns // 10)
            rounds = [bench.run('element', 'say 240 0 60000', f'say 240 {speed} {seconds * 1000}', turns)
                      for _ in range(3 if speed == 0 and not bench.quick else 1)]
            cost = Spread(per_second(r) * 1000 for r in rounds)
            rows.append((f'{seconds} s, {name}', f'{cost:.0f}', f'{Spread(map(grown_mb, rounds)):.1f}'))
            data.setdefault(('growth', name), []).append((seconds, cost.median))
    show('By the length of the answer', ('', 'µs a second of speech', 'MB it grew by'), rows)


def scale(bench, show, data):
    rows = []
    seconds = 1 if bench.quick else 5
    runs = [(count, 100) for count in (1, 10, 100, 250, 500, 1000)] + [(500, 125), (1000, 125)]
    for count, speed in [(3, 100)] if bench.quick else runs:
        floor = bench.conversations('audiotestsrc', count, '-', seconds)
        ours = bench.conversations('geminisrc', count, f'say 240 {speed} 30000', seconds)
        cost, base = (r['cpu_ms'] / r['wall_ms'] * 100 for r in (ours, floor))
        rows.append((f'{count}, {speed} %', f'{cost:.1f}', f'{cost / base:.2f}', f'{(ours["kb"] - floor["kb"]) / count:.0f}',
                     f'{(ours["threads"] - floor["threads"]) / count:.2f}', ours['late_p50_ms'], ours['late_p99_ms'],
                     ours['delay_p99_ms'], f'{ours["ours"]} of {ours["underruns"]}', ours['server_late_ms'],
                     f'{ours["start_ms"]:.0f}'))
        if speed == 100:
            data.setdefault('scale', []).append((count, ours['late_p99_ms'], cost, base))
    show('Beside as many audiotestsrc is-live=true ! fakesink',
         ('conversations, delivery', 'CPU %', 'to audiotestsrc', 'kB each', 'threads each', 'late p50, ms', 'late p99',
          'delay p99', 'underruns: ours of all', 'server late, most, ms', 'all ready, ms'), rows)


def floor(bench, show, data):
    """The same answers, to sockets that only read, beside as many live sources that know nothing of them."""
    rows = []
    count, seconds = (3, 1) if bench.quick else (500, 5)
    kinds = {'sockets': 'a socket that only reads', 'threads': 'with a second thread', 'geminisrc': 'geminisrc'}
    for speed in (100,) if bench.quick else (100, 125):
        results = {kind: [] for kind in kinds}
        for _ in range(1 if bench.quick or speed > 100 else 3):
            for kind, found in results.items():
                found.append(bench.conversations(kind, count, f'say 240 {speed} 30000', seconds))
        for kind, found in results.items():
            rows.append((f'{kinds[kind]}, {speed} %', f'{Spread(r["cpu_ms"] / r["wall_ms"] * 100 for r in found):.0f}',
                         f'{Spread(r["chunk_p50_ms"] for r in found):.2f}' if speed == 100 else '-',
                         f'{Spread(r["chunk_p99_ms"] for r in found):.1f}' if speed == 100 else '-',
                         f'{Spread(r["ours"] for r in found):.0f}', f'{Spread(r["underruns"] for r in found):.0f}',
                         f'{Spread(r["server_late_ms"] for r in found):.1f}'))
    show(f'{count} conversations',
         ('', 'CPU %', 'sent to heard, ms: p50', 'p99', 'too late though sent in time', 'too late at all',
          'server late, most, ms'), rows)


def interruption(bench, show, data):
    result = bench.interruptions(2 if bench.quick else 40)
    after = result['after_ms']
    show('The last buffer of the old answer, from when the server sent `interrupted`, ms',
         ('', 'p50', 'p95', 'most', 'buffers after it, most'),
         [('geminisrc', f'{quantile(after, .5):.2f}', f'{quantile(after, .95):.2f}', f'{max(after):.2f}',
           max(result['buffers']))])


SECTIONS = {function.__name__.replace('_', '-'): function
            for function in (real_time, tls, bursts, shares, growth, start, tts, interruption, scale, floor)}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--quick', action='store_true', help='to see that it works; callgrind only by --only shares')
    parser.add_argument('--only', choices=SECTIONS, action='append')
    parser.add_argument('--markdown', action='store_true', help='the tables as docs/performance.md has them')
    parser.add_argument('--hour', action='store_true', help='also an hour of speech at 20 times real time: 3 minutes')
    parser.add_argument('--plot', type=Path, metavar='FILE.svg')
    parser.add_argument('--build', type=Path, default=Path('build'))
    arguments = parser.parse_args()
    bench, tables, data = Bench(arguments.build.resolve(), arguments.quick), Tables(arguments.markdown), {}
    bench.hour = arguments.hour
    tables.say(f'{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f} at the start')
    try:
        for name, section in SECTIONS.items():
            if name in arguments.only if arguments.only else not (arguments.quick and name == 'shares'):
                tables.say(f'\n## {name}')
                section(bench, tables.show, data)
        tables.say(f'\nload {os.getloadavg()[0]:.1f} at the end')
    finally:
        bench.close()
    if arguments.plot:
        arguments.plot.write_text(plots.draw(data, NAMES))


main()
