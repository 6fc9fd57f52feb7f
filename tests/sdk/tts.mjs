// Speech over HTTP: the stand-in against the official SDK.
//
//   node tts.mjs PROGRAM
//
// Starts PROGRAM (gemini-stand-in) several times and has @google/genai read texts aloud with it.
// Exits 0 if all is well, 77 if the SDK is not installed, 1 with a sentence otherwise.
import assert from 'node:assert/strict';
import {checkSamples, run, sdk, startStandIn} from './stand-in.mjs';

const FRAMES = 100001;
const WAV_HEADER = 44;

const config = {
  responseModalities: [sdk.Modality.AUDIO],
  speechConfig: {voiceConfig: {prebuiltVoiceConfig: {voiceName: 'Kore'}}},
};

/** The models of a client that talks to this address. */
const modelsAt = (uri, apiKey = 'any-key') => new sdk.GoogleGenAI({apiKey, httpOptions: {baseUrl: uri}}).models;

const request = (contents, model = 'gemini-3.8-flash-tts') => ({model, contents, config});

const audioOf = (response) =>
  (response.candidates?.[0]?.content?.parts ?? []).map((part) => Buffer.from(part.inlineData?.data ?? '', 'base64'));

/** All of a stream. */
async function collect(stream) {
  const result = {audio: [], events: 0};
  for await (const response of stream) {
    result.events++;
    result.audio.push(...audioOf(response));
    result.finishReason = response.candidates?.[0]?.finishReason;
    result.usage = response.usageMetadata;
  }
  return {...result, audio: Buffer.concat(result.audio)};
}

const numbered = (...options) => startStandIn('--voice', 'counter', '--frames', `${FRAMES}`, '--speed', '0', ...options);

const tests = {
  async 'every sample of a stream arrives'() {
    const server = await startStandIn('--voice', 'counter', '--frames', `${FRAMES}`, '--speed', '20');
    const models = modelsAt(server.uri);
    for (const turn of [0, 1]) {
      const {audio, events, finishReason, usage} = await collect(await models.generateContentStream(request('Hello')));
      checkSamples(audio, FRAMES, turn);
      assert.ok(events > 10, 'it came in pieces');
      assert.equal(finishReason, 'STOP');
      assert.equal(usage.candidatesTokenCount, 134);
    }
    server.stop();
  },

  async 'every form of a stream is read'() {
    // The standard also has comments and several data lines; this SDK does not read them.
    for (const options of [['--line-end', 'lf'], ['--line-end', 'cr'], ['--piece', '997'], ['--gzip'], ['--chunks', 'all'], ['--bundle-end']]) {
      const server = await numbered(...options);
      const {audio, finishReason} = await collect(await modelsAt(server.uri).generateContentStream(request('Hello')));
      checkSamples(audio, FRAMES, 0);
      assert.equal(finishReason, 'STOP', options.join(' '));
      server.stop();
    }
  },

  async 'an answer in one piece is a WAV file from 3.8 and bare samples before'() {
    const server = await numbered();
    const models = modelsAt(server.uri);
    const wav = Buffer.concat(audioOf(await models.generateContent(request('Hello'))));
    assert.equal(wav.toString('latin1', 0, 4), 'RIFF');
    checkSamples(wav.subarray(WAV_HEADER), FRAMES, 0);
    const bare = await models.generateContent(request('Hello', 'gemini-2.5-flash-preview-tts'));
    checkSamples(Buffer.concat(audioOf(bare)), FRAMES, 1);
    assert.equal(bare.candidates[0].content.parts[0].inlineData.mimeType, 'audio/L16;codec=pcm;rate=24000');
    server.stop();
  },

  async 'Vertex AI is spoken to by its own paths'() {
    const server = await numbered();
    const client = new sdk.GoogleGenAI({vertexai: true, apiKey: 'any-key', httpOptions: {baseUrl: server.uri}});
    checkSamples((await collect(await client.models.generateContentStream(request('Hello')))).audio, FRAMES, 0);
    server.stop();
  },

  async 'errors are told with status and message'() {
    const server = await numbered('--fault', 'http:429:37*1');
    const models = modelsAt(server.uri);
    const refused = (status, text) => (error) => {
      assert.ok(error instanceof sdk.ApiError, `${error}`);
      assert.equal(error.status, status);
      assert.ok(error.message.includes(text), error.message);
      return true;
    };
    await assert.rejects(models.generateContentStream(request('Hello')), refused(429, '37s'));
    await assert.rejects(models.generateContentStream(request('Hello', 'gemini-9-tts')), refused(404, 'models/gemini-9-tts is not found'));
    await assert.rejects(models.generateContent({...request('Hello'), config: {...config, temperature: 1}}), refused(400, 'temperature'));
    await assert.rejects(modelsAt(server.uri, 'bad-key').generateContent(request('Hello')), refused(400, 'API_KEY_INVALID'));
    server.stop();
  },

  async 'an error in the middle of a stream is one'() {
    // The SDK knows a bare error for one only if it reads it apart from the events before; else it is broken JSON.
    for (const [fault, expected] of [['error:503@chunk:2', {status: 503}], ['bare-error:503@chunk:2', Error], ['cut@chunk:2', Error]]) {
      const server = await numbered('--fault', fault);
      const stream = await modelsAt(server.uri).generateContentStream(request('Hello'));
      await assert.rejects(collect(stream), expected, fault);
      server.stop();
    }
  },

  async 'a blocked text has a reason and no candidates'() {
    const server = await numbered('--block', 'PROHIBITED_CONTENT');
    const response = await modelsAt(server.uri).generateContent(request('Hello'));
    assert.equal(response.promptFeedback.blockReason, 'PROHIBITED_CONTENT');
    assert.equal(response.candidates, undefined);
    server.stop();
  },
};

await run(tests);
