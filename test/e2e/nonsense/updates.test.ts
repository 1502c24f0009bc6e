import { describe, expect, test } from 'vitest';
import { type Payload, harness, json, update, session, refusals, livesOn, NONSENSE } from './raw.ts';

describe('U4, L3: an update that makes no sense is refused, and the session goes on', () => {
  test.each(['pause', 'call'])('%s with whatever payload', async (name) => {
    const id = await session();
    for (const [what, payloads] of NONSENSE)
      expect(await update(id, name, ...payloads), what).toMatchObject({
        refused: expect.stringContaining(`${name}: `) as string,
      });
    await livesOn(id);
  });

  test('of a name that Temporal keeps for itself', async () => {
    const id = await session();
    expect(await update(id, '__temporal_dance', json({}))).toMatchObject({
      ok: { ok: false, refusal: { code: 'UNKNOWN_COMMAND' } },
    });
    await livesOn(id);
  });

  test('of a name that nobody knows: refused on record', async () => {
    const id = await session();
    for (const name of ['dance', '__proto__', 'describe', 'x'.repeat(900)])
      expect(await update(id, name, json({}))).toMatchObject({
        ok: { ok: false, refusal: { code: 'UNKNOWN_COMMAND' } },
      });
    expect(await refusals(id)).toHaveLength(4);
    await livesOn(id);
  });
});

test('U4: queries that make no sense are refused, and the session goes on', async () => {
  const id = await session();
  const query = (queryType: string, ...payloads: Payload[]): Promise<unknown> =>
    harness.custody.temporal.workflowService.queryWorkflow({
      namespace: 'default',
      execution: { workflowId: id },
      query: { queryType, queryArgs: { payloads } },
    });
  for (const [, payloads] of NONSENSE)
    await Promise.all([query('describe', ...payloads), query('call', ...payloads), query('rollback', ...payloads)]);
  await expect(query('nonsense')).rejects.toThrow();
  await livesOn(id);
});
