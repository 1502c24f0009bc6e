import type { ActivateInput } from '@temporalio/workflow';
import { expect, test } from 'vitest';
import { CARRIED } from '../../../workflows/messages.ts';
import { interceptors, RAN_AHEAD } from '../../../workflows/sdk/runAhead.ts';

type Step =
  | {
      readonly task: number;
      readonly at: number;
      readonly replay?: true;
      readonly update?: true;
      readonly commands?: number;
    }
  | { readonly query: 'by itself' | 'with a task'; readonly type?: string };

/** What happens to each step: done, passed over, or failed. */
function outcomes(steps: readonly Step[]): string[] {
  const { activate, concludeActivation } = interceptors().internals?.[0] ?? {};
  return steps.map((step) => {
    let isDone = false;
    try {
      activate?.({ batchIndex: 0, activation: activationOf(step) as ActivateInput['activation'] }, () => {
        isDone = true;
      });
    } catch (error) {
      expect((error as Error).message).toBe(RAN_AHEAD);
      return 'failed';
    }
    const commands = Array.from({ length: ('commands' in step && step.commands) || 0 }, () => ({
      modifyWorkflowProperties: {},
    }));
    concludeActivation?.({ commands }, (input) => input);
    return isDone ? 'done' : 'passed over';
  });
}

function activationOf(step: Step): object {
  if ('query' in step)
    return {
      historyLength: 0,
      isReplaying: true,
      jobs: [
        {
          queryWorkflow: {
            queryId: step.query === 'by itself' ? 'legacy_query' : 'a-query',
            queryType: step.type ?? 'describe',
          },
        },
      ],
    };
  return {
    historyLength: step.task,
    timestamp: { seconds: step.at, nanos: 0 },
    isReplaying: step.replay === true,
    jobs: [step.update ? { doUpdate: {} } : { resolveActivity: {} }],
  };
}

const asked: Step = { query: 'by itself' };
const replayed: Step[] = [
  { task: 3, at: 1, replay: true, commands: 2 },
  { task: 10, at: 2, replay: true },
];

test.each<[string, Step[], string]>([
  [
    'a new session that is asked after its first task',
    [{ task: 3, at: 1, commands: 2 }, asked, { task: 9, at: 2 }, asked],
    'done done done done',
  ],
  [
    'a replayed session that is asked, works, and is asked',
    [...replayed, asked, { task: 14, at: 3, commands: 1 }, asked, { task: 18, at: 4 }, asked],
    'done done done done done done done',
  ],
  [
    'a replayed session that is asked with its task',
    [...replayed, { task: 14, at: 3 }, { query: 'with a task' }, asked],
    'done done done done done',
  ],
  [
    'a replayed session that has done two tasks',
    [...replayed, { task: 14, at: 3 }, { task: 18, at: 4 }, asked],
    'done done done done done',
  ],
  [
    'an update that was rejected and left no event',
    [
      { task: 3, at: 1 },
      { task: 8, at: 2, update: true },
      { task: 8, at: 3, update: true },
      { task: 9, at: 4 },
    ],
    'done done done done',
  ],
  [
    'two activations for one task',
    [...replayed, { task: 14, at: 3, commands: 1 }, { task: 14, at: 3, commands: 1 }, { task: 19, at: 4 }, asked],
    'done done done done done done',
  ],
])('nothing is wrong with %s', (_, steps, expected) => {
  expect(outcomes(steps).join(' ')).toBe(expected);
});

test.each<[string, Step[], string]>([
  ['events that no task has taken up', [...replayed, { task: 12, at: 2 }, asked], 'done done passed over failed'],
  [
    'events after a task in the hands of another worker, or that failed',
    [...replayed, { task: 14, at: 3 }, asked],
    'done done done failed',
  ],
  [
    'the same, brought to a session in the cache, once the task comes',
    [...replayed, asked, { task: 14, at: 3 }, asked, { task: 16, at: 4 }],
    'done done done done done failed',
  ],
  [
    'the same, with commands and events in between',
    [...replayed, asked, { task: 14, at: 3, commands: 2 }, asked, { task: 18, at: 4 }],
    'done done done done done failed',
  ],
])('a query that brings %s does not make the session decide', (_, steps, expected) => {
  expect(outcomes(steps).join(' ')).toBe(expected);
});

test('L11: the state of a run that was cut off is told as it was after the last task', () => {
  expect(outcomes([...replayed, { task: 12, at: 2 }, { query: 'by itself', type: CARRIED }])).toEqual([
    'done',
    'done',
    'passed over',
    'done',
  ]);
});
