import { describe, expect, test } from 'vitest';
import { answeredJson, callOptions, failure, open } from '../harness.ts';
import { overStdio as hostile } from './servers.ts';

describe('E2: a call of a hostile stdio server ends with a code', () => {
  test.each([
    ['hang', 'TOOL_TIMEOUT', { sent: true, answered: false }, /no answer within 500 ms/],
    ['die-in-call', 'CONNECTION_LOST', { sent: true, answered: false }, /ended with exit code 7.*on fire/],
    ['garbage-answer', 'SERVER_PROTOCOL_ERROR', { sent: true, answered: false }, /100 lines.*no JSON-RPC/],
    ['refuse', 'SERVER_REFUSED', { sent: true, answered: true }, /error -32050: no poking {2}\[31mtoday$/],
  ])('%s: %s', async (mode, code, delivery, message) => {
    const connection = await open(hostile(mode));
    const error = await failure(connection.call('poke', {}, callOptions({ timeout: 500 })));
    expect(error).toMatchObject({ code, ...delivery, message: expect.stringMatching(message) as string });
  });

  test('after the process died the connection is closed, and a further call is not sent', async () => {
    const connection = await open(hostile('die-in-call'));
    await failure(connection.call('poke', {}, callOptions()));
    expect(connection.closed).toBe(true);
    expect(await failure(connection.call('look', {}, callOptions()))).toMatchObject({
      code: 'CONNECTION_LOST',
      sent: false,
    });
  });

  test('a result that does not keep to the output schema is an answer all the same', async () => {
    const connection = await open(hostile('wrong-output'));
    expect((await connection.tools()).size).toBe(2);
    expect(await connection.call('poke', {}, callOptions())).toMatchObject({
      isError: false,
      structuredContent: { count: 'many' },
    });
  });

  test('E5: progress is heard though the answer comes in the same breath', async () => {
    const connection = await open(hostile('hasty-progress'));
    const progress: unknown[] = [];
    await connection.call('poke', {}, callOptions({ onProgress: (step) => progress.push(step) }));
    expect(progress).toEqual([{ progress: 1 }]);
  });

  test('E8: its requests for sampling and roots are refused, and a form is for a person to fill in', async () => {
    const connection = await open(hostile('ask'));
    const asked = await connection.call('poke', {}, callOptions());
    if (!('forms' in asked)) throw new Error('no question');
    expect(asked.forms).toMatchObject([{ message: 'Your password?' }]);
    const answer = (await asked.held?.respond({ action: 'decline' }, callOptions()))!;
    expect([...(asked.refused ?? []), ...(answer.refused ?? [])]).toEqual(['sampling/createMessage', 'roots/list']);
    const replies = answeredJson(answer) as { id: string; error?: { code: number }; result?: unknown }[];
    expect(new Map(replies.map(({ id, error, result }) => [id, error?.code ?? result]))).toEqual(
      new Map<string, unknown>([
        ['ask-1', { action: 'decline' }],
        ['ask-2', -32601],
        ['ask-3', -32601],
      ]),
    );
  });

  test('a server that cannot bear the probe for newer revisions is started again without it', async () => {
    const connection = await open(hostile('dies-at-probe'));
    expect(connection.protocolVersion).toBe('2025-11-25');
    expect(await connection.call('poke', {}, callOptions())).toMatchObject({ isError: false });
  });
});

test('a server that never answers the probe for newer revisions is waited for once', async () => {
  const timed = async (): Promise<number> => {
    const started = performance.now();
    expect((await open(hostile('mute-at-probe'), { timeout: 2000 })).protocolVersion).toBe('2025-11-25');
    return performance.now() - started;
  };
  expect(await timed()).toBeGreaterThan(1000);
  expect(await timed()).toBeLessThan(800);
});
