import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { Progress } from '../../../gateway/mcp/telling/progress.ts';

/** What a client is sent of what its server says; null is a sign of life of the gateway. */
async function sent(said: readonly (number | null)[]): Promise<number[]> {
  const told: number[] = [];
  const progress = new Progress(
    async ({ params }) => void told.push((params as { progress: number }).progress),
    'token',
  );
  for (const each of said) await (each === null ? progress.tick('waits') : progress.say({ progress: each }));
  return told;
}

test('G1: progress always increases, whatever a server says, and stays as it was where it does', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.option(fc.double({ noNaN: true, noDefaultInfinity: true }))), async (said) => {
      const told = await sent(said);
      expect(told.every((each, index) => Number.isFinite(each) && (index === 0 || each > told[index - 1]!))).toBe(true);
    }),
  );
  expect(await sent([0, 50, 100])).toEqual([0, 50, 100]);
  expect(await sent([null, null, 0, 50, 20, null, 51])).toEqual([0.001, 0.002, 0.003, 50, 50.001, 50.002, 51]);
});
