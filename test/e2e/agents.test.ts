import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { Attached, Entry } from '../../client/index.ts';
import { historyOf } from '../../client/temporal/history.ts';
import { commandSignal } from '../../workflows/messages.ts';
import { Harness, type HarnessOptions } from '../support/harness.ts';
import { temporalAddress } from '../support/temporal.ts';
import { until } from '../support/until.ts';

const AGENT = fileURLToPath(new URL('../../dist/test/support/processes/agentProcess.js', import.meta.url));

async function open(
  options: HarnessOptions,
  end: (fn: () => Promise<void>) => void,
): Promise<{ readonly harness: Harness; readonly id: string }> {
  const harness = await Harness.start(options);
  end(() => harness.stop());
  const { id } = await harness.custody.start(harness.spec());
  await harness.until(id, ({ state }) => state === 'RUNNING');
  return { harness, id };
}

function startAgent(harness: Harness, id: string) {
  const child = spawn(process.execPath, [AGENT, temporalAddress(), harness.custody.taskQueue, id], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return {
    child,
    exited: once(child, 'exit'),
    found: once(createInterface(child.stdout), 'line').then(([line]) => JSON.parse(line as string) as Attached),
  };
}

async function entriesOf(harness: Harness, id: string): Promise<readonly Entry[]> {
  const entries = [];
  for await (const entry of harness.custody.session(id).watch({ follow: false })) entries.push(entry);
  return entries;
}

function expectNoGaps(entries: readonly Entry[]): void {
  const numbers = entries.flatMap(({ record }) => (record === null ? [] : [record])).sort((a, b) => a - b);
  expect(numbers).toEqual(numbers.map((_, index) => index + 1));
}

test('L10, L6, E4: an agent killed in a call attaches again, finds its state and calls; nothing is done twice', async ({
  onTestFinished,
}) => {
  const { harness, id } = await open({}, onTestFinished);
  const first = startAgent(harness, id);
  await until('the third call is under way', () => harness.journal().some(({ args }) => args.text === 'step 2'));
  first.child.kill('SIGKILL');
  expect((await first.exited)[1]).toBe('SIGKILL');
  expect(await first.found).toMatchObject({ agentState: null, answered: [], open: [], more: { answered: 0, open: 0 } });

  const second = startAgent(harness, id);
  await second.found;
  harness.open('agent');
  expect((await second.exited)[0]).toBe(0);
  const { view, agentState, answered, open: left } = await second.found;
  expect(agentState).toMatchObject({ next: 2 });
  expect(view.agentState?.bytes).toBeGreaterThan(1024);
  expect(answered).toEqual(
    [0, 1].map((step) => ({ callId: `step-${step}`, server: 'journal', tool: 'append', outcome: 'succeeded' })),
  );
  expect(left).toMatchObject([{ callId: 'step-2', phase: 'running', attempts: 1 }]);

  const begun = harness
    .journal()
    .filter(({ phase }) => phase === 'begin')
    .map(({ args }) => args.text);
  expect(begun).toEqual([0, 1, 2, 3, 4].map((step) => `step ${step}`));
  expect(await harness.custody.session(id).answer('step-2')).toMatchObject({ outcome: 'succeeded', attempts: 1 });
  await expect(harness.custody.session(id).answer('never')).rejects.toMatchObject({ code: 'CALL_NOT_FOUND' });
  const entries = await entriesOf(harness, id);
  expect(entries.filter(({ kind }) => kind === 'attached')).toMatchObject([
    { layer: 'session', by: 'agent' },
    { layer: 'session', by: 'agent' },
  ]);
  expect(entries.filter(({ kind }) => kind === 'state-saved')).toHaveLength(6);
  expect(entries.filter(({ layer, kind }) => layer === 'execution' && kind === 'decision')).toMatchObject([
    { text: 'all is done', by: 'agent' },
  ]);
  expectNoGaps(entries);
});

test('L10: a state of 256 KiB is kept and given back, a larger one is refused and what was saved before stays', async ({
  onTestFinished,
}) => {
  const {
    harness: { custody },
    id,
  } = await open({}, onTestFinished);
  const largest = 'é'.repeat(128 * 1024 - 1);
  await custody.session(id).saveState(largest);
  expect((await custody.session(id).attach()).agentState).toBe(largest);
  await expect(custody.session(id).saveState(`${largest}!`)).rejects.toMatchObject({ code: 'STATE_TOO_LARGE' });
  await expect(custody.session(id).saveState({ n: Number.NaN, bad: '\ud800' })).rejects.toMatchObject({
    code: 'MALFORMED_COMMAND',
  });
  expect((await custody.session(id).attach()).agentState).toBe(largest);
  await custody.session(id).saveState({ small: true });
  expect((await custody.session(id).attach()).agentState).toEqual({ small: true });
});

test('L6: an agent that falls silent is one restart, until it is back; heartbeats cost no timer each', async ({
  onTestFinished,
}) => {
  const { harness, id } = await open(
    { profile: { session: { agentHeartbeat: '8s' }, onRestart: { restore: false } } },
    onTestFinished,
  );
  const count = async (
    is: (event: { signal?: string | null | undefined; timer: boolean }) => boolean,
  ): Promise<number> => {
    let found = 0;
    for await (const { event } of historyOf(harness.custody.temporal, id, false)) {
      if (
        is({
          signal: event.workflowExecutionSignaledEventAttributes?.signalName,
          timer: Boolean(event.timerStartedEventAttributes),
        })
      )
        found += 1;
    }
    return found;
  };
  const stop = harness.custody.session(id).keepAlive(500);
  // More beats than fit into the limit: without them the agent would be lost by now.
  await until(
    'the agent has lived for longer than the limit',
    async () => (await count(({ signal }) => signal === 'heartbeat')) > 20,
  );
  expect(await harness.custody.session(id).describe()).toMatchObject({
    state: 'RUNNING',
    restarts: 0,
    agentLostAt: null,
  });
  expect(await count(({ timer }) => timer)).toBeLessThan(8);
  stop();
  expect(await harness.until(id, ({ state }) => state === 'PAUSED')).toMatchObject({
    cause: 'restart',
    reason: 'the agent gave no sign for 8s',
    restarts: 1,
    agentLostAt: expect.any(String) as string,
  });

  await harness.custody.session(id).heartbeat();
  expect(await harness.until(id, ({ agentLostAt }) => agentLostAt === null)).toMatchObject({
    state: 'PAUSED',
    restarts: 1,
  });
  const entries = await entriesOf(harness, id);
  const kinds = entries.map(({ kind }) => kind);
  for (const kind of ['restart', 'audit', 'notify', 'review-due', 'agent-back'])
    expect(
      kinds.filter((each) => each === kind),
      kind,
    ).toHaveLength(1);
  expect(entries.some(({ text: said }) => said.includes('heartbeat'))).toBe(false);
  expectNoGaps(entries);
});

test('E7: thousands of records, by update and by signal: each is kept once, sums are exact, it goes on', async ({
  onTestFinished,
}) => {
  const { harness, id } = await open({}, onTestFinished);
  const entry = {
    kind: 'usage',
    text: 'one of many',
    usage: { model: 'm', inputTokens: 3, outputTokens: 2, microUsd: 1 },
  } as const;
  const updates = 1200;
  const signals = 1200;
  const agent = async (name: number): Promise<void> => {
    for (let index = 0; index < updates / 12; index += 1)
      await harness.custody.session(id).record(entry, { commandId: `update-${name}-${index}` });
  };
  const handle = harness.custody.temporal.workflow.getHandle(id);
  const sender = async (name: number): Promise<void> => {
    for (let index = 0; index < signals / 6; index += 1)
      await handle.signal(commandSignal('record'), { ...entry, actor: 'plain', commandId: `signal-${name}-${index}` });
  };
  await Promise.all([
    ...Array.from({ length: 12 }, (_, name) => agent(name)),
    ...Array.from({ length: 6 }, (_, name) => sender(name)),
  ]);
  for (let repeats = 0; repeats < 3; repeats += 1)
    await handle.signal(commandSignal('record'), { ...entry, actor: 'plain', commandId: 'the last' });
  const all = updates + signals + 1;
  expect(await harness.until(id, ({ usage }) => usage.microUsd >= all)).toMatchObject({
    usage: { inputTokens: 3 * all, outputTokens: 2 * all, microUsd: all },
  });
  expect(await harness.custody.session(id).call('journal.append', { text: 'after the flood' })).toMatchObject({
    outcome: 'succeeded',
  });
  const entries = await entriesOf(harness, id);
  expect(
    entries.filter(({ kind, layer, record }) => kind === 'usage' && layer === 'execution' && record !== null),
  ).toHaveLength(all);
  expectNoGaps(entries);
}, 400_000);
