import { afterAll, beforeAll, expect, test } from 'vitest';
import { Harness } from '../../support/harness.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await Harness.start();
});
afterAll(() => harness?.stop());

test('E1: a call whose arguments do not fit is refused by code before anything is read or sent', async () => {
  const session = harness.custody.session(await harness.running());
  expect(await session.call('journal.append', { txt: 'a' })).toMatchObject({
    outcome: 'refused',
    attempts: 1,
    error: {
      code: 'ARGUMENTS_INVALID',
      message:
        "The arguments do not fit the schema of 'journal.append': " +
        '"text" is missing; there is "txt", which it does not know; did you mean "text"?',
    },
  });
  expect(harness.journal()).toEqual([]);
});
