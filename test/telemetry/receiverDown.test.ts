import { Writable } from 'node:stream';
import pino from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { freePort } from '../../cli/temporal/freePort.ts';
import { Harness } from '../support/harness.ts';
import { OtlpReceiver } from './receiver.ts';

/** Milliseconds to stop in, with all that could not be delivered, and some for the machine. */
const STOPS_WITHIN = 15_000;

/** What a worker logs. */
function logged() {
  const lines: { readonly msg: string; readonly signal?: string; readonly problem?: string }[] = [];
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(JSON.parse(chunk.toString()) as (typeof lines)[number]);
      done();
    },
  });
  return { lines, log: pino({ level: 'info' }, sink) };
}

const RECEIVERS = {
  'is not there': async () => ({ url: `http://127.0.0.1:${await freePort()}` }),
  'never answers': () => OtlpReceiver.start(() => new Promise(() => undefined)),
  'takes nothing': () => OtlpReceiver.start(() => 503),
  'refuses the token': () => OtlpReceiver.start(() => 401),
};

test.each(Object.entries(RECEIVERS))(
  'A8: where the receiver %s, calls are made as ever, the log says so once, and the worker stops in time',
  async (_how, start) => {
    const receiver = await start();
    if (receiver instanceof OtlpReceiver) onTestFinished(() => receiver.stop());
    const { lines, log } = logged();
    const config = { telemetry: { otlp: { url: receiver.url } } };
    const harness = await Harness.start({ config, worker: { log } });
    onTestFinished(() => harness.stop());
    const session = harness.custody.session(await harness.running());
    for (let n = 0; n < 5; n += 1)
      expect(await session.call('journal.append', { text: `${n}` })).toMatchObject({
        outcome: 'succeeded',
        attempts: 1,
      });
    expect(harness.journal().filter(({ phase }) => phase === 'end')).toHaveLength(5);
    const begun = performance.now();
    await harness.stopWorker();
    expect(performance.now() - begun).toBeLessThan(STOPS_WITHIN);
    const said = lines.filter(({ msg }) => msg.includes('receiver of telemetry'));
    expect(said.filter(({ signal }) => signal === 'traces').length).toBeLessThanOrEqual(1);
    if (_how === 'refuses the token') expect(said.map(({ signal }) => signal)).toContain('traces');
  },
);
