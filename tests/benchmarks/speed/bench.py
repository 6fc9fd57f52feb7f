"""geminisrc beside its alternatives and the floor under all of them: see docs/performance.md.

    scripts/bench [--quick] [--only SECTION] [--hour] [--plot FILE.svg] [--build DIR]
"""
import argparse
import os
import sys
from pathlib import Path

import plots
from measure import Bench, Spread, quantile

NAMES = {
    'raw': 'a socket that only reads',
    'soup': 'libsoup that only reads',
    'bare': 'libsoup, json-glib',
    'element': 'geminisrc is-live=false',
    'live': 'geminisrc',
    'python': 'Python, websockets',
    'javascript': 'JavaScript, @google/genai',
}
KINDS = {  # of instructions: by the functions that are the way into each
    'JSON': ('json_parser_load_from_data ', 'gemini::parse_server_message('),
    'base64': ('g_base64_decode ', 'gemini::base64_decode('),
    'queue and pad': ('gemini::AudioQueue::push(', 'gemini::GeminiSrc::create(', 'gst_pad_push '),
}


def table(title, header, rows):
    print(f'\n{title}')
    widths = [max(len(str(row[i])) for row in [header, *rows]) for i in range(len(header))]
    for row in [header, *rows]:
        print('  '.join(str(cell).ljust(width) if i == 0 else str(cell).rjust(width)
                        for i, (cell, width) in enumerate(zip(row, widths))))
    sys.stdout.flush()


def ratio(results, client, base, value):
    return Spread(value(a) / value(b) for a, b in zip(results[client], results[base]) if value(b) > 0)


def per_second(result):
    """Processor time for a second of speech, in ms."""
    return result['cpu_us'] / result['speech_ms']


def real_time(bench, data):
    for chunk in (240,) if bench.quick else (240, 40):
        results = {name: [] for name in bench.clients}
        for _ in range(1 if bench.quick else 5):
            for name, result in bench.side_by_side(f'say {chunk} 0 4800', f'say {chunk} 100 {960 if bench.quick else 12000}').items():
                results[name].append(result)
        rows = []
        for name, rounds in results.items():
            times = [Spread(quantile(r['latency_us'], share) for r in rounds) for share in (.5, .95, .99)]
            rows.append((NAMES[name], *(f'{t:.0f}' for t in times),
                         f'{ratio(results, name, "bare", lambda r: quantile(r["latency_us"], .5)):.2f}',
                         f'{Spread(map(per_second, rounds)):.2f}', f'{ratio(results, name, "bare", per_second):.2f}',
                         f'{Spread(r["switches"] * 1000 / r["speech_ms"] for r in rounds):.1f}',
                         f'{Spread(r["peak_kb"] / 1024 for r in rounds).median:.1f}'))
            data[f'real time {chunk}', name] = {'latency': [t.median for t in times],
                                                'cpu': Spread(map(per_second, rounds)).median}
        table(f'Real time, chunks of {chunk} ms: from the server\'s send to the audio, us; processor ms a second of speech',
              ('', 'p50', 'p95', 'p99', 'ratio', 'CPU', 'ratio', 'switches/s', 'peak MB'), rows)


def bursts(bench, data):
    clients = [name for name in bench.clients if name != 'live']
    length = 9600 if bench.quick else 600000
    results = bench.in_turn(clients, 'say 240 0 2400' if bench.quick else 'say 240 0 120000', f'say 240 0 {length}', 1,
                            1 if bench.quick else 7)
    rows = []
    for name, rounds in results.items():
        against = 'javascript' if 'javascript' in results else 'bare'
        rows.append((NAMES[name], f'{Spread(per_second(r) * 1000 for r in rounds):.0f}',
                     f'{ratio(results, name, "bare", per_second):.2f}', f'{ratio(results, name, against, per_second):.2f}',
                     f'{Spread((r["peak_kb"] - r["start_kb"]) / 1024 for r in rounds):.1f}'))
        data['burst', name] = {'cpu': Spread(map(per_second, rounds)).median}
    table(f'{length // 1000} s of speech at once: processor us a second of speech; memory it grew by',
          ('', 'CPU', 'to libsoup', 'to JavaScript', 'MB'), rows)


def start(bench, data):
    results = bench.in_turn(bench.clients, 'say 240 0 240', 'say 240 0 240', 2 if bench.quick else 10,
                            1 if bench.quick else 7)
    rows = []
    for name, rounds in results.items():
        requests = [value for r in rounds for value in r['request_us']]
        rows.append((NAMES[name], f'{Spread(r["cold_us"] / 1000 for r in rounds):.1f}', f'{quantile(requests, .5):.0f}',
                     f'{quantile(requests, .95):.0f}', f'{max(requests):.0f}'))
        data['start', name] = {'request': quantile(requests, .5)}
    table('Start: from nothing to the first audio, ms; in an open session from the question to the server, us',
          ('', 'cold, ms', 'question p50', 'p95', 'most'), rows)


def growth(bench, data):
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
            rows.append((f'{seconds} s, {name}', f'{cost:.0f}',
                         f'{Spread((r["peak_kb"] - r["start_kb"]) / 1024 for r in rounds):.1f}'))
            data.setdefault(('growth', name), []).append((seconds, cost.median))
    table('Growth: processor us a second of speech, by the length of the answer; memory it grew by',
          ('', 'CPU', 'MB'), rows)


def scale(bench, data):
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
    table('Conversations at once in one process, and how fast their answers come; beyond audiotestsrc is-live=true ! fakesink',
          ('', 'CPU %', 'ratio', 'kB each', 'threads', 'late p50', 'p99, ms', 'delay p99', 'underruns', 'server late',
           'all ready, ms'), rows)


def interruption(bench, data):
    result = bench.interruptions(2 if bench.quick else 40)
    after = result['after_ms']
    table('Interruption: the last buffer of the old answer, counted from when the server sent `interrupted`, ms',
          ('', 'p50', 'p95', 'most', 'buffers after it, most'),
          [('geminisrc', f'{quantile(after, .5):.2f}', f'{quantile(after, .95):.2f}', f'{max(after):.2f}',
            max(result['buffers']))])


def count(instructions, marks):
    """The first of a kind has all of it: what is called by another of them comes behind."""
    names = {}
    for name, number in instructions:
        mark = next((mark for mark in marks if mark in name.split(':', 1)[-1] + ' '), None)
        if mark:
            names.setdefault(mark, number)
    if 'gemini::parse_server_message(' in names:
        names.pop('json_parser_load_from_data ', None)
    return sum(names.values())


def shares(bench, data):
    short, long = (2, 4) if bench.quick else (60, 180)
    rows = []
    for name in 'raw', 'soup', 'bare', 'element':
        counts = [bench.instructions(name, f'say 240 0 {1000 * seconds}') for seconds in (short, long)]
        total, *kinds = ((count(counts[1], marks) - count(counts[0], marks)) / (long - short) / 1000
                         for marks in (('PROGRAM TOTALS',), *KINDS.values()))
        rows.append((NAMES[name], f'{total:.0f}', *(f'{value:.0f}' for value in kinds), f'{total - sum(kinds):.0f}'))
    table('Instructions for a second of speech in a burst, thousands (callgrind; the kernel\'s do not count)',
          ('', 'all', *KINDS, 'the rest'), rows)


SECTIONS = {function.__name__.replace('_', '-'): function
            for function in (real_time, bursts, shares, growth, start, interruption, scale)}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--quick', action='store_true', help='to see that it works; callgrind only by --only shares')
    parser.add_argument('--only', choices=SECTIONS, action='append')
    parser.add_argument('--hour', action='store_true', help='also an hour of speech at 20 times real time: 3 minutes')
    parser.add_argument('--plot', type=Path, metavar='FILE.svg')
    parser.add_argument('--build', type=Path, default=Path('build'))
    arguments = parser.parse_args()
    bench, data = Bench(arguments.build.resolve(), arguments.quick), {}
    bench.hour = arguments.hour
    print(f'{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f} at the start')
    try:
        for name, section in SECTIONS.items():
            if name in arguments.only if arguments.only else not (arguments.quick and name == 'shares'):
                section(bench, data)
        print(f'\nload {os.getloadavg()[0]:.1f} at the end')
    finally:
        bench.close()
    if arguments.plot:
        arguments.plot.write_text(plots.draw(data, NAMES))


main()
