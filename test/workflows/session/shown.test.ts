import { describe, expect, test } from 'vitest';
import { SEARCH_ATTRIBUTES } from '../../../workflows/searchAttributes.ts';
import { eventually } from '../../support/harness.ts';
import { harness, running, timeline } from '../harness.ts';

describe('what Temporal shows', () => {
  test('U2: ten search attributes, activity and timer summaries, and current details in words', async () => {
    const id = await running();
    await harness.custody.session(id).call('journal.append', { text: 'seen in the UI' });
    await harness.custody.session(id).pause({ reason: 'look at *me*' });
    const description = await eventually(async () => {
      const found = await harness.custody.temporal.workflow.getHandle(id).describe();
      return found.typedSearchAttributes.get(SEARCH_ATTRIBUTES.state) === 'PAUSED' ? found : undefined;
    }, 'the search attributes are written');
    expect(Object.keys(SEARCH_ATTRIBUTES)).toHaveLength(10);
    expect(description.typedSearchAttributes.get(SEARCH_ATTRIBUTES.agent)).toBe('tester');
    expect(description.typedSearchAttributes.get(SEARCH_ATTRIBUTES.cause)).toBe('operator');
    const metadata = await harness.custody.temporal.workflow
      .getHandle(id)
      .query<{ currentDetails: string }>('__temporal_workflow_metadata');
    expect(metadata.currentDetails).toContain('**PAUSED** (operator): look at \\*me\\*');
    expect(metadata.currentDetails).toContain('journal.append');
    const history = await harness.custody.temporal.workflow.getHandle(id).fetchHistory();
    const summaries = (history.events ?? []).map((event) =>
      Buffer.from(event.userMetadata?.summary?.data ?? '').toString(),
    );
    expect(summaries).toContain('"journal.append seen in the UI"');
    expect(summaries).toContain('"warning before the deadline"');
  });

  test('U2: sessions are found by label, by who started them, and by what they wait for', async () => {
    const team = `Müller & sons, ${Date.now()}`;
    const id = await running({ labels: { team, 'cost/centre': '42' } });
    const found = (query: string) =>
      eventually(async () => {
        for await (const { workflowId } of harness.custody.temporal.workflow.list({ query })) return workflowId;
        return undefined;
      }, query);
    const label = `CustodyLabels = 'team=${team}'`;
    expect(await found(label)).toBe(id);
    expect(await found(`${label} AND CustodyLabels = 'cost/centre=42' AND CustodyStartedBy = 'tester'`)).toBe(id);
    await harness.custody.session(id).pause();
    expect(await found(`${label} AND CustodyPending = 'resume'`)).toBe(id);
    await harness.custody.session(id).resume();
    expect(await found(`${label} AND CustodyPending IS NULL`)).toBe(id);
    await harness.custody.session(id).complete();
    expect(await found(`${label} AND ExecutionStatus = 'Completed' AND CustodyStartedBy = 'tester'`)).toBe(id);
  });

  test('U2: a fork keeps the labels of its parent, and says who started it', async () => {
    const { id } = await harness.custody.start(harness.spec({ labels: { team: 'ops' } }));
    await harness.until(id, ({ state }) => state === 'RUNNING');
    const session = harness.custody.session(id);
    await session.checkpoint('here');
    const fork = await harness.custody.as('ben').session(id).fork({ at: 'here' });
    const attributes = await eventually(async () => {
      const { typedSearchAttributes } = await harness.custody.temporal.workflow.getHandle(fork.id).describe();
      return typedSearchAttributes.get(SEARCH_ATTRIBUTES.state) === 'RUNNING' ? typedSearchAttributes : undefined;
    }, 'the fork runs');
    expect(attributes.get(SEARCH_ATTRIBUTES.labels)).toEqual(['team=ops']);
    expect(attributes.get(SEARCH_ATTRIBUTES.startedBy)).toBe('ben');
  });

  test('U2: what a session was stays in its memo and details after its end, with no worker', async () => {
    const id = await running({ labels: { team: 'ops' } }, { reason: 'the monthly report' });
    await harness.custody.session(id).call('journal.append', { text: 'the last call' });
    await harness.custody.session(id).complete({ reason: 'all_is_written' });
    await harness.custody.session(id).wait();
    const { memo, raw } = await harness.custody.temporal.workflow.getHandle(id).describe();
    const details = (memo as { details: string[] }).details.join('\n');
    expect(details).toContain('COMPLETED: all_is_written');
    expect(details).toContain('journal.append');
    expect(details).toContain('started by tester (claimed): the monthly report');
    const metadata = Buffer.from(raw.executionConfig?.userMetadata?.details?.data ?? '').toString();
    expect(metadata).toContain('started by tester (claimed): the monthly report');
    expect(metadata).toContain('labels team=ops');
  });

  test('U2: a session that continued as new is found as before, and says who started it', async () => {
    const options = { reason: 'the monthly report', tuning: { eventsPerRun: 40 } };
    const id = await running({ labels: { team: 'ops' } }, options);
    for (const key of ['a', 'b', 'c', 'd']) await harness.custody.session(id).call('journal.lookup', { key });
    await harness.until(id, ({ runs }) => runs > 1);
    const handle = harness.custody.temporal.workflow.getHandle(id);
    const { typedSearchAttributes: attributes } = await handle.describe();
    expect(attributes.get(SEARCH_ATTRIBUTES.labels)).toEqual(['team=ops']);
    expect(attributes.get(SEARCH_ATTRIBUTES.startedBy)).toBe('tester');
    const { currentDetails } = await handle.query<{ currentDetails: string }>('__temporal_workflow_metadata');
    expect(currentDetails).toContain('started by tester (claimed): the monthly report');
  });

  test('U2: each message says what it is for, and Temporal has on record who sent it', async () => {
    const id = await running();
    await harness.custody.as('ben').session(id).pause();
    const handle = harness.custody.temporal.workflow.getHandle(id);
    const { definition } = await handle.query<{
      definition: Record<`${'signal' | 'update' | 'query'}Definitions`, { name?: string; description?: string }[]>;
    }>('__temporal_workflow_metadata');
    const ours = [definition.signalDefinitions, definition.updateDefinitions, definition.queryDefinitions]
      .flat()
      .filter(({ name }) => name && !name.startsWith('__'));
    expect(ours.length).toBeGreaterThan(30);
    expect(ours.filter(({ description }) => !description)).toEqual([]);
    const { events } = await handle.fetchHistory();
    const identities = (events ?? []).flatMap(
      ({ workflowExecutionUpdateAcceptedEventAttributes: update }) => update?.acceptedRequest?.meta?.identity ?? [],
    );
    expect(identities).toEqual([expect.stringMatching(/^ben \(\d+@.+\)$/)]);
  });

  test('A2: records are numbered in the workflow without gaps', async () => {
    const id = await running();
    await harness.custody.session(id).call('journal.append', { text: 'numbered' });
    await harness.custody.session(id).pause();
    await expect(harness.custody.session(id).pause()).rejects.toMatchObject({ code: 'ALREADY_PAUSED' });
    await harness.custody.temporal.workflow.getHandle(id).signal('dance', { now: true });
    await harness.custody.temporal.workflow.getHandle(id).signal('extend', { by: '1h', actor: 'ann' });
    await harness.custody.session(id).cancel();
    await harness.custody.session(id).wait();
    const entries = await timeline(id);
    expect(entries).toContainEqual(expect.objectContaining({ kind: 'extended', by: 'ann' }));
    expect(entries).toContainEqual(
      expect.objectContaining({ kind: 'refused', text: expect.stringContaining("no signal 'dance'") }),
    );
    expect(entries).toContainEqual(
      expect.objectContaining({ kind: 'refused', text: expect.stringContaining('ALREADY_PAUSED'), by: 'tester' }),
    );
    const numbers = entries.flatMap(({ record }) => (record === null ? [] : [record])).sort((a, b) => a - b);
    expect(numbers).toEqual(numbers.map((_, index) => index + 1));
  });
});
