import { afterAll, beforeAll, expect, test } from 'vitest';
import { newDeploymentKey, readingKeyOf } from '../../../keys/key.ts';
import { inClear } from '../../e2e/keys/inClear.ts';
import { Desk } from '../desk.ts';

const key = newDeploymentKey();
let desk: Desk;
beforeAll(async () => {
  // What an MCP client hands to the command that it starts.
  process.env.CUSTODY_KEYS = readingKeyOf(key);
  desk = await Desk.open({ worker: { deployment: { keys: [key], encryption: 'on' } }, keys: [readingKeyOf(key)] });
});
afterAll(async () => {
  delete process.env.CUSTODY_KEYS;
  await desk?.close();
});

test('A6: an agent behind `custody mcp` sees its answers, and Temporal none of them', async () => {
  const id = await desk.session('journal');
  const { client } = await desk.connect('2025', [id]);
  expect(await client.callTool({ name: 'append', arguments: { text: 'said-in-clear' } })).toMatchObject({
    content: [{ type: 'text' }],
  });
  expect(desk.harness.phasesOf('said-in-clear')).toBe('begin end');
  expect(await inClear(desk.harness.custody.temporal, id)).not.toContain('in-clear');
});
