// What the tests with the official SDK share: the SDK, the stand-in as a program, the numbered samples.
import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {createInterface} from 'node:readline';

const SKIP = 77;
const [program] = process.argv.slice(2);

export const sdk = await import('@google/genai').catch((error) => {
  if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
  console.log('skipped: @google/genai is not installed, run "npm ci --prefix tests/sdk"');
  process.exit(SKIP);
});

/** Sample k of a turn of the voice "counter". */
const counter = (k, turn) => ((k + 1 + 4099 * turn) << 16) >> 16;

export function checkSamples(bytes, frames, turn) {
  assert.equal(bytes.length, 2 * frames, 'frames received');
  for (let k = 0; k < frames; k++) assert.equal(bytes.readInt16LE(2 * k), counter(k, turn), `sample ${k} of turn ${turn}`);
}

/** The stand-in with these options, ready to be connected to. */
export async function startStandIn(...options) {
  const child = spawn(program, ['--port', '0', '--die-with-parent', ...options], {stdio: ['ignore', 'pipe', 'inherit']});
  for await (const line of createInterface({input: child.stdout})) {
    const [, uri] = /^Listening on (.*)$/.exec(line);
    return {uri, stop: () => child.kill()};
  }
  throw new Error('the stand-in ended before it listened');
}

/** Runs the tests one after the other and ends the process: 0 if all is well, 1 if it takes too long. */
export async function run(tests) {
  setTimeout(() => {
    console.error('the stand-in did not answer within 60 seconds');
    process.exit(1);
  }, 60_000).unref();
  for (const [name, test] of Object.entries(tests)) {
    await test();
    console.log(`ok: ${name}`);
  }
  process.exit(0);
}
