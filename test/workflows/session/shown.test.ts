import { describe, expect, test } from 'vitest';
import { SEARCH_ATTRIBUTES } from '../../../workflows/searchAttributes.ts';
import { eventually } from '../../support/harness.ts';
import { harness, running, timeline } from '../harness.ts';

describe('what Temporal shows', () => {
  test('U2: six search attributes, activity and timer summaries, and current details in words', async () => {
    const id = await running();
    await harness.custody.session(id).call('journal.append', { text: 'seen in the UI' });
    await harness.custody.session(id).pause({ reason: 'look at *me*' });
    const description = await eventually(async () => {
      const found = await harness.custody.temporal.workflow.getHandle(id).describe();
      return found.typedSearchAttributes.get(SEARCH_ATTRIBUTES.state) === 'PAUSED' ? found : undefined;
    }, 'the search attributes are written');
    expect(Object.keys(SEARCH_ATTRIBUTES)).toHaveLength(6);
    expect(description.typedSearchAttributes.get(SEARCH_ATTRIBUTES.agent)).toBe('tester');
    expect(description.typedSearchAttributes.get(SEARCH_ATTRIBUTES.cause)).toBe('operator');
    const metadata = await harness.custody.temporal.workflow
      .getHandle(id)
      .query<{ currentDetails: string }>('__temporal_workflow_metadata');
    expect(metadata.currentDetails).toContain('**PAUSED** (operator): look at  me ');
    expect(metadata.currentDetails).toContain('journal.append');
    const history = await harness.custody.temporal.workflow.getHandle(id).fetchHistory();
    const summaries = (history.events ?? []).map((event) =>
      Buffer.from(event.userMetadata?.summary?.data ?? '').toString(),
    );
    expect(summaries).toContain('"journal.append seen in the UI"');
    expect(summaries).toContain('"warning before the deadline"');
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
