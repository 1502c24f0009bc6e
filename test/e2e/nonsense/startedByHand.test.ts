import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { WORKFLOW_TYPE } from '../../../workflows/messages.ts';
import { type Payload, harness, payload, json, failedTasks, NONSENSE } from './raw.ts';

describe('U4: a workflow that was started by hand', () => {
  const agent = { id: 'tester', version: '1' };
  const good = { agent, profile: 'standard', servers: ['journal'] };
  const carried = { session: { id: 'x', state: { name: 'RUNNING' } }, record: 0, runs: 1 };
  const INPUTS: readonly [what: string, payloads: readonly Payload[]][] = [
    ...NONSENSE,
    ['no input', []],
    ['null', [json(null)]],
    ['an empty object', [json({})]],
    ['a spec that is null', [json({ spec: null })]],
    ['a spec that is empty', [json({ spec: {} })]],
    ['a spec with 1,000 levels', [payload(`{"spec":${'{"agent":'.repeat(1000)}1${'}'.repeat(1000)}}`, 'json/plain')]],
    ['lone surrogates', [json({ spec: { ...good, profile: '\ud800' } })]],
    ['servers that are no names', [json({ spec: { ...good, servers: [null] } })]],
    ['a server without end', [json({ spec: { ...good, servers: ['x'.repeat(100_000)] } })]],
    ['a server that is named twice', [json({ spec: { ...good, servers: ['journal', 'journal'] } })]],
    ['10,000 servers', [json({ spec: { ...good, servers: Array.from({ length: 10_000 }, (_, n) => `s${n}`) } })]],
    ['an agent without end', [json({ spec: { ...good, agent: { id: 'x'.repeat(100_000), version: '1' } } })]],
    ['a profile without end', [json({ spec: { ...good, profile: 'x'.repeat(100_000) } })]],
    ['a plan of null', [json({ spec: { ...good, plan: [null] } })]],
    ['a plan of numbers', [json({ spec: { ...good, plan: [5] } })]],
    ['a plan of lists', [json({ spec: { ...good, plan: [[]] } })]],
    ['a parallel group that is none', [json({ spec: { ...good, plan: [{ parallel: 7 }] } })]],
    ['a parallel group of null', [json({ spec: { ...good, plan: [{ parallel: [null] }] } })]],
    ['a call that is no text', [json({ spec: { ...good, plan: [{ call: 7 }] } })]],
    ['a call without a dot', [json({ spec: { ...good, plan: [{ call: 'nodot' }] } })]],
    ['arguments that are none', [json({ spec: { ...good, plan: [{ call: 'journal.lookup', args: 'x' }] } })]],
    ['a wait that is no number', [json({ spec: { ...good, plan: [{ wait: 'long' }] } })]],
    ['a wait without end', [json({ spec: { ...good, plan: [{ wait: 1e300 }] } })]],
    ['a step that is nothing', [json({ spec: { ...good, plan: [{}] } })]],
    ['labels that are none', [json({ spec: { ...good, labels: 7 } })]],
    ['overrides that are none', [json({ spec: { ...good, overrides: 'tighter' } })]],
    ['tuning that is none', [json({ spec: good, tuning: 7 })]],
    ['tuning that would continue as new for ever', [json({ spec: good, tuning: { eventsPerRun: 0 } })]],
    ['tuning that is no number', [json({ spec: good, tuning: { eventsPerRun: 'few', recallWait: {} } })]],
    ['the state of a run before it, empty', [json({ carried: {} })]],
    ['the state of a run before it, null', [json({ carried: { session: null } })]],
    ['the state of a run before it, forged', [json({ carried })]],
  ];

  test.concurrent.each(INPUTS)('with %s fails with SPEC_INVALID', async (_, payloads) => {
    const id = `by-hand-${randomUUID()}`;
    await harness.custody.temporal.workflowService.startWorkflowExecution({
      namespace: 'default',
      workflowId: id,
      workflowType: { name: WORKFLOW_TYPE },
      taskQueue: { name: harness.custody.taskQueue },
      input: { payloads: [...payloads] },
      requestId: randomUUID(),
      identity: 'cli',
    });
    const handle = harness.custody.temporal.workflow.getHandle(id);
    try {
      const failure = await handle.result().then(
        () => 'completed',
        (error: unknown) => (error as { cause?: unknown }).cause,
      );
      expect(failure).toMatchObject({ type: 'SPEC_INVALID' });
      expect(await failedTasks(id)).toEqual([]);
    } finally {
      await handle.terminate('the test is over').catch(() => undefined);
    }
  });
});
