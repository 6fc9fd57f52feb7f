// The same client over Google's own SDK for JavaScript: see receiver.cpp. The SDK is the one of tests/sdk.
//
//   node receiver.mjs URI WARM-UP QUESTION TURNS
import {readFileSync} from 'node:fs';
import {createRequire} from 'node:module';

const {GoogleGenAI, Modality} = createRequire(new URL('../../sdk/', import.meta.url))('@google/genai');
const [uri, warmUp, question, turns] = process.argv.slice(2);
const magic = 0x7357a391;

const now = () => process.hrtime.bigint();
const micros = (from, to) => Number(to - from) / 1e3;
const memory = (name) => Number(readFileSync('/proc/self/status', 'ascii').match(new RegExp(`${name}:\\s+(\\d+)`))[1]);

let asked = 0, cold = 0, bytes = 0, latencies = [], requests = [], phases;
let before, start, measuredFrom, askedAt;
const begun = now();

function next() {
  if (asked > Number(turns)) return finish();
  if (asked === 1) {
    bytes = 0;
    latencies = [];
    requests = [];
    before = process.resourceUsage();
    start = memory('VmRSS');
    measuredFrom = now();
  }
  askedAt = now();
  const text = asked++ ? question : warmUp;
  session.sendClientContent({turns: [{role: 'user', parts: [{text}]}], turnComplete: true});
}

function finish() {
  const after = process.resourceUsage();
  console.log(JSON.stringify({
    cold_us: cold,
    cpu_us: after.userCPUTime + after.systemCPUTime - before.userCPUTime - before.systemCPUTime,
    switches: after.voluntaryContextSwitches - before.voluntaryContextSwitches,
    speech_ms: bytes / 48,
    wall_ms: micros(measuredFrom, now()) / 1e3,
    start_kb: start,
    peak_kb: memory('VmHWM'),
    latency_us: latencies,
    request_us: requests,
    phases_us: phases,
  }));
  session.close();
}

function onmessage(message) {
  for (const part of message.serverContent?.modelTurn?.parts ?? []) {
    const audio = Buffer.from(part.inlineData.data, 'base64');
    const at = now();
    if (audio.readUInt32LE(0) !== magic) throw new Error('no stamp');
    bytes += audio.length;
    cold ||= micros(begun, at);
    const times = [begun, ...[32, 40, 48, 24, 16].map((offset) => audio.readBigInt64LE(offset)), at];
    phases ??= times.slice(1).map((time, i) => micros(times[i], time));
    latencies.push(micros(audio.readBigInt64LE(16), at));
    if (audio.readUInt32LE(4) === 0) requests.push(micros(askedAt, audio.readBigInt64LE(24)));
  }
  if (message.serverContent?.turnComplete) next();
}

const client = new GoogleGenAI({apiKey: 'any-key', httpOptions: {baseUrl: uri}});
const session = await client.live.connect({
  model: 'gemini-3.8-live',
  config: {responseModalities: [Modality.AUDIO]},
  callbacks: {onmessage},
});
next();
