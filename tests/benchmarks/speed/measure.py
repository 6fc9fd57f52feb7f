"""Runs the programs of this benchmark and puts together what they say."""
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
JSON_LINE = re.compile(r'^\{.*\}$', re.MULTILINE)


def quantile(values, share):
    ordered = sorted(values)
    return ordered[round(share * (len(ordered) - 1))] if ordered else float('nan')


class Spread:
    """A number that was measured in every round: its median, and from least to most."""

    def __init__(self, values):
        self.values = list(values)
        self.median = statistics.median(self.values) if self.values else float('nan')

    def __format__(self, form):
        if not self.values:
            return '-'
        return f'{self.median:{form}} ({min(self.values):{form}}–{max(self.values):{form}})'


class Bench:
    def __init__(self, build, quick):
        self.quick = quick
        self.programs = build / 'tests/benchmarks/speed'
        self.folder = tempfile.TemporaryDirectory()
        self.environment = {**os.environ, 'GST_PLUGIN_PATH': str(build / 'gst'),
                            'GST_REGISTRY': self.folder.name + '/registry.bin', 'GST_DEBUG': '0'}
        for name in ('GOOGLE_GENAI_USE_VERTEXAI', 'GOOGLE_GENAI_USE_ENTERPRISE', 'GOOGLE_GEMINI_BASE_URL'):
            self.environment.pop(name, None)
        self.servers = []
        self.uri = self.serve()
        self.secure_uri = None
        self.clients = {
            'raw': [self.programs / 'receiver', 'raw'],
            'soup': [self.programs / 'receiver', 'soup'],
            'bare': [self.programs / 'receiver', 'bare'],
            'element': [self.programs / 'receiver', 'element'],
            'live': [self.programs / 'receiver', 'live'],
            'tts': [self.programs / 'receiver', 'tts'],
            'python': ['/usr/bin/python3', HERE / 'receiver.py'],
            'javascript': ['node', HERE / 'receiver.mjs'],
        }
        self.run('element', 'say 240 0 240', 'say 240 0 240')  # writes the registry
        for name in ('python', 'javascript'):
            if not self.works(name):
                print(f'{name}: left out, what it needs is not installed (scripts/setup --tests)', file=sys.stderr)
                del self.clients[name]

    def serve(self, *arguments):
        server = subprocess.Popen([self.programs / 'load-server', *arguments], stdout=subprocess.PIPE, text=True)
        self.servers.append(server)
        if not (uri := server.stdout.readline().strip()):
            raise RuntimeError('the load server did not start')
        return uri

    def secure(self):
        """A second server, with TLS and a certificate that all clients trust. False: this machine cannot make one."""
        if self.secure_uri:
            return True
        file = self.folder.name + '/certificate.pem'
        try:
            subprocess.run(['openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1', '-subj', '/CN=localhost',
                            '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1', '-keyout', file, '-out', file],
                           check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError):
            print('TLS: left out, there is no openssl', file=sys.stderr)
            return False
        self.environment |= {'SSL_CERT_FILE': file, 'NODE_EXTRA_CA_CERTS': file}
        self.secure_uri = self.serve(file)
        return True

    def close(self):
        for server in self.servers:
            server.kill()
            server.wait()

    def works(self, client):
        try:
            self.run(client, 'say 240 0 240', 'say 240 0 240')
        except (OSError, RuntimeError):
            return False
        return True

    def start(self, command):
        return subprocess.Popen([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                text=True, env=self.environment)

    @staticmethod
    def result(process):
        out, error = process.communicate(timeout=1200)
        line = JSON_LINE.search(out)
        if process.returncode != 0 or not line:
            raise RuntimeError(f'{process.args}: {error[-500:]}')
        return json.loads(line.group())

    def command(self, client):
        """`client` is a name, or a name and TLS."""
        name, uri = (client, self.uri) if isinstance(client, str) else (client[0], self.secure_uri)
        return self.clients[name] + [uri]

    def run(self, client, warm_up, question, turns=1):
        return self.result(self.start(self.command(client) + [warm_up, question, turns]))

    def side_by_side(self, clients, warm_up, question):
        """All clients at the same time, each with its own answer."""
        started = {client: self.start(self.command(client) + [warm_up, question, 1]) for client in clients}
        return {client: self.result(process) for client, process in started.items()}

    def in_turn(self, clients, warm_up, question, turns, rounds):
        """One after the other, over and over. What each of them said in each round."""
        results = {name: [] for name in clients}
        for _ in range(rounds):
            for name in clients:
                results[name].append(self.run(name, warm_up, question, turns))
        return results

    def conversations(self, kind, count, question, seconds):
        return self.result(self.start([self.programs / 'conversations', kind, count, self.uri, question, seconds]))

    def interruptions(self, turns):
        return self.result(self.start([self.programs / 'interruption', self.uri, turns]))

    def instructions(self, client, question):
        """What callgrind counts for each function and what it calls, and for each without that; the kernel's do not count."""
        trace = Path(self.folder.name) / 'callgrind.out'
        trace.unlink(missing_ok=True)
        command = ['valgrind', '--tool=callgrind', f'--callgrind-out-file={trace}', *self.command(client),
                   'say 240 0 240', question, 1]
        self.result(self.start(command))
        return [self.annotated(trace, inclusive) for inclusive in ('yes', 'no')]

    @staticmethod
    def annotated(trace, inclusive):
        text = subprocess.run(['callgrind_annotate', f'--inclusive={inclusive}', '--auto=no', '--threshold=100', str(trace)],
                              capture_output=True, text=True, check=True).stdout
        return [(found[2], int(found[1].replace(',', '')))
                for found in re.finditer(r'^ *([\d,]+) \([^)]*\)  (.*)$', text, re.MULTILINE)]
