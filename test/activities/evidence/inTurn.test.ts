import { expect, test } from 'vitest';
import { inTurn } from '../../../activities/evidence/inTurn.ts';

test('A4: who seals a log waits for whoever still writes to it, even where that fails; other logs go on', async () => {
  const turn = inTurn();
  const done: string[] = [];
  let free = (): void => undefined;
  const held = new Promise<void>((resolve) => (free = resolve));
  const first = turn('a', async () => {
    await held;
    done.push('first');
    throw new Error('the store is down');
  });
  const second = turn('a', async () => void done.push('second'));
  const third = turn('a', async () => void done.push('third'));
  await turn('b', async () => void done.push('other'));
  expect(done).toEqual(['other']);
  free();
  await expect(first).rejects.toThrow('the store is down');
  await Promise.all([second, third]);
  expect(done).toEqual(['other', 'first', 'second', 'third']);
});
