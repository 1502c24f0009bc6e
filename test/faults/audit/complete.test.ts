import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { findingText } from '../../../audit/prose/findings.ts';
import { checkCompleteness } from '../../../cli/audit/check.ts';
import { runsOf } from '../../../cli/audit/given.ts';
import type { EvidenceRecord } from '../../../audit/read/record.ts';
import { RecordReader } from '../../../audit/read/reader.ts';
import type { Point } from '../../support/processes/workerProcess.ts';
import { persistently, unlessRefused } from '../../support/processes/persistently.ts';
import { Random, seed } from '../../support/random.ts';
import { Scene } from '../../support/scene.ts';
import { logToConsole } from '../../support/sdkLog.ts';
import { temporalAddress } from '../../support/temporal.ts';
import { until } from '../../support/until.ts';

logToConsole();

const KILLS = 4;
const CALLERS = 3;
const POINTS: readonly [Point, ...Point[]] = ['before-mark', 'after-mark', 'after-answer', 'after-keep'];
const PRICES = { calls: { 'journal.*': { call: 0.01, second: 0.02, kibIn: 0.001 } } };
const RULES = '@id("look") forbid (principal, action, resource) when { context.args has never };';

test('A2, A3, E2: after random kills the record agrees with the journal call for call, and is whole', async ({
  onTestFinished,
}) => {
  const random = new Random(seed());
  const scene = await Scene.open({
    address: temporalAddress(),
    server: 'apart',
    config: { prices: PRICES },
    rules: RULES,
  });
  onTestFinished(() => scene.close());
  let worker = await scene.worker();
  // Short runs, so that the chain has several.
  const id = await scene.start({ keepOpen: true }, { eventsPerRun: 60 });
  const session = scene.custody.session(id);
  await persistently(() => session.call('journal.lookup', { key: 'first' }, { callId: 'first' }));

  let isOver = false;
  const callers = Array.from({ length: CALLERS }, async (_, caller) => {
    const choices = new Random(random.between(0, 2 ** 30));
    for (let n = 0; !isOver; n += 1) {
      const [tool, effect] = choices.pick<[string, object]>([
        ['append', { text: `${caller}` }],
        ['upsert', { key: 'k', value: 'v' }],
        ['lookup', { key: 'k' }],
      ]);
      const args = { ...effect, delayMs: choices.between(0, 900) };
      await persistently(() => session.call(`journal.${tool}`, args, { callId: `${caller}-${n}` }));
    }
  });
  let isSettled = false;
  const resolver = (async () => {
    while (!isSettled) await resolveDoubts(scene, id).then(() => delay(100));
  })();
  for (let kill = 0; kill < KILLS; kill += 1) {
    const fault = random.pick(POINTS);
    if (kill > 0) worker = await scene.worker({ fault });
    await Promise.race([worker.exited, delay(random.between(500, 4000))]);
    await worker.kill();
  }
  await scene.worker();
  isOver = true;
  await Promise.all(callers);
  isSettled = true;
  await resolver;
  await until('completed', () => unlessRefused(scene.custody.as('ann').session(id).complete({ reason: 'done' })));
  await session.wait();

  const given = await runsOf(scene.custody, id);
  const records = given.runs.flatMap(({ runId, events }) => {
    const reader = new RecordReader(id, runId);
    return events.flatMap((event) => reader.read(event));
  });
  agree(scene, id, records);

  const checked = await checkCompleteness(given, scene.custody.payloads, { namespace: 'default', replay: true });
  const faults = checked.checks.flatMap(({ findings }) => findings.filter(({ severity }) => severity !== 'note'));
  expect(faults.map((each) => `${each.code} ${findingText(each)} ${each.run}/${each.events.join()}`)).toEqual([]);
  expect(checked.isWhole).toBe(true);
  const counted = Object.fromEntries(checked.checks.map((each) => [each.name, each.counted]));
  console.log(counted);
  expect(checked.runs.length).toBeGreaterThan(1);
  expect(counted.money).toMatchObject({ statements: expect.any(Number) });
  expect(counted.money?.charges).toBeGreaterThan(0);
  expect(counted.decisions?.decided).toBeGreaterThan(0);
  expect(counted.replay?.replayed).toBe(checked.runs.length);
}, 400_000);

/** Every request that reached the server has its attempt on record, and every answer on record came from there. */
function agree(scene: Scene, id: string, records: readonly EvidenceRecord[]): void {
  const begun = new Map<string, number>();
  for (const { phase, idempotencyKey } of scene.journal.entries()) {
    const callId = idempotencyKey.slice(id.length + 1);
    if (phase === 'begin') begun.set(callId, (begun.get(callId) ?? 0) + 1);
  }
  const attempts = new Map<string, number>();
  const answers = new Map<string, number>();
  const unknown = new Map<string, number>();
  const count = (map: Map<string, number>, callId: string) => map.set(callId, (map.get(callId) ?? 0) + 1);
  for (const record of records) {
    if (record.call === null) continue;
    if (record.kind === 'attempt') count(attempts, record.call);
    if (record.kind === 'outcome') {
      const kind = record.data.outcome?.kind;
      if (kind === 'succeeded' || kind === 'tool_error') count(answers, record.call);
      else if (kind === undefined || kind === 'unknown') count(unknown, record.call);
    }
  }
  expect(begun.size).toBeGreaterThan(CALLERS);
  for (const callId of new Set([...begun.keys(), ...attempts.keys()])) {
    const [seen, answered] = [begun.get(callId) ?? 0, answers.get(callId) ?? 0];
    expect(attempts.get(callId) ?? 0, `intents of ${callId}`).toBeGreaterThanOrEqual(seen);
    expect(seen, `requests of ${callId}, with ${answered} answers`).toBeGreaterThanOrEqual(answered);
    expect(seen, `requests of ${callId}`).toBeLessThanOrEqual(answered + (unknown.get(callId) ?? 0));
  }
}

/** What a person would do who looks into the journal. */
async function resolveDoubts(scene: Scene, id: string): Promise<void> {
  const { openCalls } = await persistently(() => scene.custody.session(id).describe());
  for (const { callId, phase } of openCalls) {
    if (phase !== 'in_doubt') continue;
    const seen = scene.journal.of(id, callId);
    const as = seen.endsWith('end') ? 'succeeded' : 'failed';
    await unlessRefused(
      scene.custody
        .as('ann')
        .session(id)
        .resolve(callId, as, { reason: `the journal has '${seen}'` }),
    );
  }
}
