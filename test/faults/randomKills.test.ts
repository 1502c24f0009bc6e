import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Answer } from '../../client/index.ts';
import type { JsonObject } from '../../protocol/values/json.ts';
import { judge } from '../support/judge.ts';
import { persistently, unlessRefused } from '../support/processes/persistently.ts';
import { Random, seed } from '../support/random.ts';
import { Scene } from '../support/scene.ts';
import { temporalAddress } from '../support/temporal.ts';
import { until } from '../support/until.ts';
import type { Point } from '../support/processes/workerProcess.ts';

const KILLS = 6;
const CALLERS = 3;
/** Milliseconds in which a worker lives at most, once it runs. */
const LIFE = 2500;
const POINTS: readonly [Point, ...Point[]] = ['before-mark', 'after-mark', 'after-answer', 'after-keep'];

test('L6, E3, E4: workers killed at random moments: nothing is lost, and no irreversible call is made twice', async ({
  onTestFinished,
}) => {
  const random = new Random(seed());
  const scene = await Scene.open({ address: temporalAddress(), server: random.pick(['child', 'apart']) });
  onTestFinished(() => scene.close());
  let worker = await scene.worker();
  const plan = Array.from({ length: 6 }, () => ({
    call: 'journal.append',
    args: { text: 'planned', delayMs: random.between(0, 600) },
    onError: 'continue' as const,
  }));
  const id = await scene.session({ plan: [...plan, { parallel: plan }], keepOpen: true });

  let isOver = false;
  const answers: Answer[] = [];
  // At least one kill strikes a call: this one does not end before.
  const struck = scene.custody.session(id).call('journal.lookup', { key: 'k', gate: 'struck' }, { callId: 'struck' });
  await until('a call is under way', () => scene.journal.of(id, 'struck') === 'begin');
  const accepted: [command: string, reason: string][] = [];
  let isSettled = false;
  const callers = Array.from({ length: CALLERS }, async (_, caller) => {
    const choices = new Random(random.between(0, 2 ** 30));
    for (let n = 0; !isOver; n += 1) {
      const delayMs = choices.between(0, 1200);
      const [tool, args] = choices.pick<[string, JsonObject]>([
        ['append', { text: 'x' }],
        ['append', { text: 'y' }],
        ['upsert', { key: 'k', value: 'v' }],
        ['lookup', { key: 'k' }],
      ]);
      answers.push(
        await persistently(() =>
          scene.custody.session(id).call(`journal.${tool}`, { ...args, delayMs }, { callId: `${caller}-${n}-${tool}` }),
        ),
      );
      await delay(choices.between(0, 200));
    }
  });
  const operator = (async (choices: Random) => {
    for (let n = 0; !isOver; n += 1) {
      for (const name of ['pause', 'resume'] as const) {
        const reason = `round ${n}`;
        // Refused while the session is in AUDIT because of the restart.
        await until(`accepted: ${name}`, () => unlessRefused(personAt(scene, id)[name]({ reason })));
        accepted.push([name, reason]);
        await delay(choices.between(100, 1500));
      }
    }
  })(new Random(random.between(0, 2 ** 30)));
  const resolver = (async () => {
    while (!isSettled) {
      await resolveDoubts(scene, id);
      await delay(100);
    }
  })();

  for (let kill = 0; kill < KILLS; kill += 1) {
    const { kind, next, wait, fault } = {
      kind: random.pick(['moment', 'point']),
      next: random.pick(['same', 'same', 'stranger']),
      wait: random.between(0, LIFE),
      fault: random.pick(POINTS),
    };
    if (kill > 0)
      worker = await scene.worker({
        ...(next === 'same' ? {} : { name: `stranger-${kill}`, inherits: false }),
        ...(kind === 'point' ? { fault } : {}),
      });
    await Promise.race([worker.exited, delay(kind === 'point' ? 4 * LIFE : wait)]);
    expect(await worker.kill()).toMatchObject({ signal: 'SIGKILL' });
    if (kill === 0) scene.journal.open('struck');
  }
  await scene.worker();
  isOver = true;
  answers.push(await struck);
  await Promise.all([...callers, operator]);
  // The plan may have calls under way or in doubt yet, of which the history has no outcome.
  await until(
    'the plan is done',
    async () => (await scene.custody.session(id).describe()).plan?.done === plan.length + 1,
  );
  isSettled = true;
  await resolver;

  const { entries, fellSilent } = await judge(scene, id);
  expect(fellSilent.length, 'attempts that were struck').toBeGreaterThan(0);
  const commands = entries.filter(({ kind }) => kind === 'command').map(({ text }) => text);
  expect(accepted.length, 'commands that were accepted').toBeGreaterThan(0);
  for (const [name, reason] of accepted)
    expect(
      commands.some((text) => text.startsWith(`${name} (update)`) && text.endsWith(`reason: ${reason}`)),
      `${name}, ${reason}, is on record`,
    ).toBe(true);
  for (const answer of answers)
    expect(entries.filter(({ kind, callId }) => kind === 'attempt' && callId === answer.callId)).toHaveLength(
      answer.attempts,
    );
  expect(await scene.custody.session(id).complete({ reason: 'done' })).toMatchObject({ ok: true });
  expect(await scene.custody.session(id).wait()).toMatchObject({
    state: 'COMPLETED',
    openCalls: [],
    plan: { done: plan.length + 1 },
  });
}, 400_000);

/** Who is refused again and again while the session is in AUDIT; the agent is somebody else, and calls on. */
const personAt = (scene: Scene, id: string) => scene.custody.as('ann').session(id);

/** What a person would do who looks into the journal: a call in doubt that the server never saw is made again. */
async function resolveDoubts(scene: Scene, id: string): Promise<void> {
  const { openCalls } = await persistently(() => scene.custody.session(id).describe());
  for (const { callId, phase } of openCalls) {
    if (phase !== 'in_doubt') continue;
    const seen = scene.journal.of(id, callId);
    const as = seen === '' ? 'retry' : seen.endsWith('end') ? 'succeeded' : 'failed';
    const resolved = await unlessRefused(
      personAt(scene, id).resolve(callId, as, { reason: `the journal has '${seen}'` }),
    );
    // While the session is in AUDIT nothing can be made again.
    if (!resolved) await unlessRefused(personAt(scene, id).resolve(callId, 'failed', { reason: 'never sent' }));
  }
}
