import { expect, test } from 'vitest';
import { Undoing } from '../../activities/undo.ts';
import type { ToolAnswer } from '../../mcp/calls/call.ts';
import type { Intent } from '../../protocol/calls/call.ts';
import type { PayloadStore } from '../../protocol/values/payload.ts';

const intent = { server: 'shop', tool: 'order', idempotencyKey: 's/c' } as Intent;
const nowhere = {} as PayloadStore;
const neverRead = (): Promise<ToolAnswer> => Promise.reject(new Error('nothing is to be read'));

test(
  'L7: an order whose id JavaScript would alter is not cancelled by another id: ' + 'it cannot be undone, by name',
  async () => {
    const rule = { call: { tool: 'cancel', args: { id: '${result.structuredContent.id}' } } };
    const undoing = await Undoing.prepare(rule, intent, { what: 'chair' }, nowhere, neverRead);
    const structuredContent = { id: 12345678901234567000 };
    const exact = '{"content":[],"structuredContent":{"id":12345678901234567890}}';
    expect(await undoing.after({ isError: false, content: [], structuredContent, exact }, neverRead)).toEqual({
      undo: { impossible: expect.stringContaining('${result.structuredContent.id} cannot be taken') as string },
    });
    expect(await undoing.after({ isError: false, content: [], structuredContent }, neverRead)).toMatchObject({
      undo: { tool: 'cancel', call: { args: { id: 12345678901234567000 } } },
    });
  },
);

test('L7: two things that differ in a digit that JavaScript drops are two', async () => {
  const found = (id: string): ToolAnswer => ({
    isError: false,
    content: [],
    structuredContent: { id: Number(id) },
    exact: `{"content":[],"structuredContent":{"id":${id}}}`,
  });
  const rule = {
    before: { tool: 'look', args: {} },
    restore: { tool: 'put', args: {} },
    remove: { tool: 'take', args: {} },
  };
  let there = found('12345678901234567890');
  const read = (): Promise<ToolAnswer> => Promise.resolve(there);
  const undoing = await Undoing.prepare(rule, intent, {}, nowhere, read);
  const answer: ToolAnswer = { isError: false, content: [] };
  expect(await undoing.after(answer, read)).toEqual({ unchanged: true });
  there = found('12345678901234567891');
  expect(await undoing.after(answer, read)).toMatchObject({ undo: { tool: 'put' } });
});
