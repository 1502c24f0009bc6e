import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SessionView } from '../../protocol/view.ts';
import { Harness } from '../support/harness.ts';
import { requireTool } from '../support/time/requireTool.ts';
import { startTimeSkipping } from '../support/time/timeSkipping.ts';

/** Deadlines of hours, on a server whose time skips. */
const environment: TestWorkflowEnvironment | undefined = await requireTool(
  'the tests of the 24 h deadline',
  startTimeSkipping,
);

describe.skipIf(environment === undefined)('the deadline of a session', () => {
  const env = environment as TestWorkflowEnvironment;
  let harness: Harness;
  beforeAll(async () => {
    harness = await Harness.start({ address: env.address, profile: { session: { autoResume: true } } });
  });
  afterAll(async () => {
    await harness?.stop();
    await env?.teardown();
  });

  const running = async (on: Harness = harness, spec = {}): Promise<string> => {
    const { id } = await on.custody.start(on.spec(spec));
    await on.until(id, ({ state }) => state === 'RUNNING');
    return id;
  };

  /** The session as it ended, two days later at most. */
  const ended = async (id: string, on: Harness = harness): Promise<SessionView> => {
    await env.sleep('48h');
    return on.custody.session(id).wait();
  };

  const kinds = async (id: string): Promise<string[]> => {
    const found = [];
    for await (const { kind, text } of harness.custody.session(id).watch({ follow: false }))
      found.push(`${kind}: ${text}`);
    return found;
  };

  const hoursAfterStart = (view: SessionView, instant: string | null): number =>
    (Date.parse(instant ?? '') - Date.parse(view.startedAt)) / 3_600_000;

  test(
    'T1, T2: 24 h after the start a session pauses after a warning at 23 h, and times out when the 30 m of ' +
      'grace are over',
    async () => {
      const id = await running();
      expect(
        hoursAfterStart(
          await harness.custody.session(id).describe(),
          (await harness.custody.session(id).describe()).deadlineAt,
        ),
      ).toBe(24);
      await env.sleep('23h');
      await env.sleep('2m');
      expect(await harness.custody.session(id).describe()).toMatchObject({ state: 'RUNNING' });
      await env.sleep('1h');
      const grace = await harness.until(id, ({ state }) => state === 'PAUSED');
      expect(grace).toMatchObject({ cause: 'timeout' });
      expect(hoursAfterStart(grace, grace.graceUntil)).toBeCloseTo(24.5, 1);
      const end = await ended(id);
      expect(end).toMatchObject({ state: 'TIMEOUT', code: 'SESSION_TIMEOUT' });
      const found = await kinds(id);
      expect(found.findIndex((text) => text.startsWith('deadline-warning'))).toBeGreaterThan(0);
      expect(found.filter((text) => text.startsWith('notify:'))).toHaveLength(2);
      expect(found.some((text) => text.includes('RUNNING -> PAUSED (timeout)'))).toBe(true);
      expect(found.some((text) => text.includes('AUDIT -> TIMEOUT'))).toBe(true);
    },
  );

  test(
    'T2, T3: an extension approved in the grace period brings a session back by ' + 'itself; its sum is bounded',
    async () => {
      const id = await running();
      await env.sleep('24h');
      await env.sleep('10m');
      await harness.until(id, ({ state }) => state === 'PAUSED');
      await expect(harness.custody.session(id).resume()).rejects.toMatchObject({ code: 'DEADLINE_PASSED' });
      await expect(harness.custody.session(id).extend(25 * 3_600_000)).rejects.toMatchObject({
        code: 'EXTENSION_TOO_LONG',
      });
      await expect(harness.custody.session(id).extend(60_000)).rejects.toMatchObject({ code: 'DEADLINE_PASSED' });
      await harness.custody.session(id).extend(20 * 3_600_000, { reason: 'nearly done' });
      const view = await harness.until(id, ({ state }) => state === 'RUNNING');
      expect(hoursAfterStart(view, view.deadlineAt)).toBe(44);
      expect(view.graceUntil).toBeNull();
      await expect(harness.custody.session(id).extend(5 * 3_600_000)).rejects.toMatchObject({
        code: 'EXTENSION_TOO_LONG',
      });
      expect(await ended(id)).toMatchObject({ state: 'TIMEOUT' });
    },
  );

  test(
    "T1: a pause does not stop the clock by default; an operator's pause stays one through the deadline and " +
      'its extension',
    async () => {
      const id = await running();
      await harness.custody.session(id).pause({ reason: 'by hand' });
      await env.sleep('24h');
      await env.sleep('1m');
      const view = await harness.until(id, ({ graceUntil }) => graceUntil !== null);
      expect(view).toMatchObject({ state: 'PAUSED', cause: 'operator' });
      await harness.custody.session(id).extend(3_600_000);
      expect(await harness.custody.session(id).describe()).toMatchObject({
        state: 'PAUSED',
        cause: 'operator',
        graceUntil: null,
      });
      expect(await ended(id)).toMatchObject({ state: 'TIMEOUT' });
    },
  );

  test('T1: with pausedTimeCounts: false a pause moves the deadline, on record', async () => {
    const own = await Harness.start({ address: env.address, profile: { session: { pausedTimeCounts: false } } });
    try {
      const id = await running(own);
      await own.custody.session(id).pause();
      await env.sleep('30h');
      await own.custody.session(id).resume();
      const view = await own.until(id, ({ state }) => state === 'RUNNING');
      expect(hoursAfterStart(view, view.deadlineAt)).toBeCloseTo(54, 0);
      expect((await kinds(id)).some((text) => text.startsWith('deadline-shifted'))).toBe(true);
      await own.custody.session(id).cancel();
      await own.custody.session(id).wait();
    } finally {
      await own.stop();
    }
  });

  test('T3: an idle session reaches its deadline early; each call puts it off', async () => {
    const own = await Harness.start({ address: env.address, profile: { session: { idleTimeout: '1h' } } });
    try {
      const id = await running(own);
      await env.sleep('50m');
      await own.custody.session(id).call('journal.append', { text: 'still here' });
      await env.sleep('50m');
      expect(await own.custody.session(id).describe()).toMatchObject({ state: 'RUNNING' });
      await env.sleep('11m');
      expect(await own.until(id, ({ state }) => state === 'PAUSED')).toMatchObject({
        cause: 'timeout',
        reason: 'no call for 1h',
      });
      await own.custody.session(id).cancel();
      await own.custody.session(id).wait();
    } finally {
      await own.stop();
    }
  });

  test('T2: with onTimeout.pause and rollback off a session ends at its deadline at once', async () => {
    const own = await Harness.start({
      address: env.address,
      profile: { onTimeout: { pause: false, rollback: false, notify: false } },
    });
    try {
      const end = await ended(await running(own), own);
      expect(end).toMatchObject({ state: 'TIMEOUT' });
      expect((await kinds(end.id)).filter((text) => text.startsWith('notify:'))).toHaveLength(0);
    } finally {
      await own.stop();
    }
  });

  test(
    'T2: with onTimeout.rollback a session rolls back at its deadline: with nothing to undo it ends, else what ' +
      'remains is named',
    async () => {
      const own = await Harness.start({
        address: env.address,
        profile: { onTimeout: { pause: false, rollback: true } },
      });
      try {
        expect(await ended(await running(own), own)).toMatchObject({ state: 'FAILED', code: 'ROLLED_BACK' });
        const id = await running(own);
        await own.custody.session(id).call('journal.append', { text: 'done' }, { callId: 'cannot-undo' });
        expect(await ended(id, own)).toMatchObject({ state: 'TIMEOUT' });
        expect(
          (await kinds(id)).some((text) => text.startsWith('rollback: not undone: journal.append (cannot-undo)')),
        ).toBe(true);
      } finally {
        await own.stop();
      }
    },
  );
});
