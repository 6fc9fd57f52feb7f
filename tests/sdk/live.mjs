// Holds the stand-in against the official SDK: whoever speaks with Gemini must be able to speak with it.
//
//   node live.mjs PROGRAM
//
// Starts PROGRAM (gemini-stand-in) several times and talks to it with @google/genai.
// Exits 0 if all is well, 77 if the SDK is not installed, 1 with a sentence otherwise.
import assert from 'node:assert/strict';
import {checkSamples, run, sdk, startStandIn} from './stand-in.mjs';

const model = 'gemini-3.8-live';

/** One conversation: messages are read one after the other, as they come. */
class Conversation {
  #messages = [];
  #wake = () => {};
  closed = new Promise((resolve) => (this.resolveClosed = resolve));

  static async open(uri, config = {}) {
    const conversation = new Conversation();
    const client = new sdk.GoogleGenAI({apiKey: 'any-key', httpOptions: {baseUrl: uri}});
    conversation.session = await client.live.connect({
      model,
      config: {responseModalities: [sdk.Modality.AUDIO], ...config},
      callbacks: {
        onmessage: (message) => {
          conversation.#messages.push(message);
          conversation.#wake();
        },
        onclose: (event) => conversation.resolveClosed(event),
      },
    });
    return conversation;
  }

  async next() {
    while (this.#messages.length === 0) await new Promise((resolve) => (this.#wake = resolve));
    return this.#messages.shift();
  }

  /** What the server says until its turn is over. */
  async turn() {
    const turn = {bytes: [], words: '', interrupted: false, generated: false};
    for (;;) {
      const {serverContent, usageMetadata} = await this.next();
      for (const part of serverContent?.modelTurn?.parts ?? [])
        if (part.inlineData) turn.bytes.push(Buffer.from(part.inlineData.data, 'base64'));
      turn.words += serverContent?.outputTranscription?.text ?? '';
      turn.interrupted ||= serverContent?.interrupted ?? false;
      turn.generated ||= serverContent?.generationComplete ?? false;
      if (serverContent?.turnComplete) return {...turn, usage: usageMetadata, bytes: Buffer.concat(turn.bytes)};
    }
  }

  ask(text) {
    this.session.sendClientContent({turns: [{role: 'user', parts: [{text}]}], turnComplete: true});
  }
}

const tests = {
  async 'every sample of two turns arrives'() {
    const server = await startStandIn('--voice', 'counter', '--frames', '100001', '--speed', '20', '--playback', '0');
    const conversation = await Conversation.open(server.uri);
    assert.ok((await conversation.next()).setupComplete, 'the first message is setupComplete');
    for (const turn of [0, 1]) {
      conversation.ask('Hello');
      const {bytes, generated, usage} = await conversation.turn();
      checkSamples(bytes, 100001, turn);
      assert.ok(generated, 'generationComplete came');
      assert.equal(usage.responseTokenCount, 134);
    }
    conversation.session.sendRealtimeInput({text: 'And now in real time'});
    checkSamples((await conversation.turn()).bytes, 100001, 2);
    conversation.session.close();
    await conversation.closed;
    server.stop();
  },

  async 'the transcript is what was said'() {
    const server = await startStandIn('--voice', 'counter', '--frames', '9600', '--answer', 'One, two, three.', '--speed', '0');
    const conversation = await Conversation.open(server.uri, {outputAudioTranscription: {}});
    conversation.ask('Count');
    assert.equal((await conversation.turn()).words, 'One, two, three.');
    conversation.session.close();
    server.stop();
  },

  async 'a second question interrupts the first answer'() {
    const server = await startStandIn('--voice', 'counter', '--frames', '480000', '--speed', '0.5', '--playback', '0');
    const conversation = await Conversation.open(server.uri);
    await conversation.next();
    conversation.ask('Tell me a long story');
    await conversation.next();
    conversation.ask('Stop');
    const {interrupted, generated} = await conversation.turn();
    assert.ok(interrupted && !generated, 'interrupted without generationComplete');
    const {serverContent} = await conversation.next();
    const first = Buffer.from(serverContent.modelTurn.parts[0].inlineData.data, 'base64');
    checkSamples(first, 4800, 1);
    conversation.session.close();
    server.stop();
  },

  async 'voice, instruction, tools and resumption are taken'() {
    const server = await startStandIn('--voice', 'counter', '--frames', '480', '--speed', '0', '--playback', '0');
    const conversation = await Conversation.open(server.uri, {
      speechConfig: {voiceConfig: {prebuiltVoiceConfig: {voiceName: 'Kore'}}},
      systemInstruction: 'Answer briefly.',
      temperature: 0.5,
      tools: [{functionDeclarations: [{name: 'get_tide'}]}],
      sessionResumption: {},
      contextWindowCompression: {slidingWindow: {}},
      realtimeInputConfig: {automaticActivityDetection: {disabled: true}},
      inputAudioTranscription: {},
    });
    await conversation.next();
    const {sessionResumptionUpdate} = await conversation.next();
    assert.ok(sessionResumptionUpdate.resumable && sessionResumptionUpdate.newHandle);
    conversation.ask('What does get_tide say?');
    let call;
    while (!call) call = (await conversation.next()).toolCall?.functionCalls[0];
    assert.equal(call.name, 'get_tide');
    conversation.session.sendToolResponse({functionResponses: [{id: call.id, name: call.name, response: {metres: 1.8}}]});
    checkSamples((await conversation.turn()).bytes, 480, 0);
    conversation.session.close();
    server.stop();
  },

  async 'a bad key is told with code and reason'() {
    const server = await startStandIn('--voice', 'none');
    let end;
    const client = new sdk.GoogleGenAI({apiKey: 'bad-key', httpOptions: {baseUrl: server.uri}});
    const closed = new Promise((resolve) => (end = resolve));
    // The promise of connect () never settles in this case; the callback tells.
    client.live.connect({model, callbacks: {onmessage: () => {}, onclose: end}});
    const {code, reason} = await closed;
    assert.equal(code, 1007);
    assert.equal(reason.toString(), 'API key not valid. Please pass a valid API key.');
    server.stop();
  },
};

await run(tests);
