"""The same client in Python, over the package `websockets`: see receiver.cpp.

    receiver.py URI WARM-UP QUESTION TURNS
"""
import asyncio
import base64
import json
import resource
import struct
import sys
import time

import websockets

STAMP = struct.Struct('<IIqqqqqqI')
MAGIC = 0x7357A391


def memory(name):
    with open('/proc/self/status') as status:
        return next(int(line.split()[1]) for line in status if line.startswith(name))


def cpu():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return (usage.ru_utime + usage.ru_stime) * 1e6, usage.ru_nvcsw


def question(text):
    return json.dumps({'clientContent': {'turns': [{'role': 'user', 'parts': [{'text': text}]}],
                                         'turnComplete': True}})


async def converse(uri, warm_up, text, turns):
    begun = time.monotonic_ns()
    cold, asked, latencies, requests, phases, size = 0, 0, [], [], [], 0
    async with websockets.connect(uri.replace('http', 'ws', 1) + '/ws', max_size=None) as socket:
        await socket.send(json.dumps({'setup': {'model': 'models/gemini-3.8-live'}}))
        async for frame in socket:
            message = json.loads(frame)
            content = message.get('serverContent', {})
            for part in content.get('modelTurn', {}).get('parts', ()):
                audio = base64.b64decode(part['inlineData']['data'])
                now = time.monotonic_ns()
                magic, number, _, sent, at_server, accepted, secured, setup, _ = STAMP.unpack_from(audio)
                size += len(audio)
                assert magic == MAGIC
                cold = cold or now - begun
                times = begun, accepted, secured, setup, at_server, sent, now
                phases = phases or [(after - before) / 1e3 for before, after in zip(times, times[1:])]
                latencies.append((now - sent) / 1e3)
                if number == 0:
                    requests.append((at_server - asked_at) / 1e3)
            if 'setupComplete' in message or content.get('turnComplete'):
                if asked > turns:
                    break
                if asked == 1:
                    latencies, requests, size = [], [], 0
                    before, switches = cpu()
                    start, measured_from = memory('VmRSS'), time.monotonic_ns()
                asked_at = time.monotonic_ns()
                await socket.send(question(text if asked else warm_up))
                asked += 1
        after, switches_after = cpu()
        print(json.dumps({'cold_us': cold / 1e3, 'cpu_us': after - before, 'switches': switches_after - switches,
                          'speech_ms': size / 48, 'wall_ms': (time.monotonic_ns() - measured_from) / 1e6,
                          'start_kb': start, 'peak_kb': memory('VmHWM'), 'latency_us': latencies, 'request_us': requests, 'phases_us': phases}))


asyncio.run(converse(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])))
