import { describe, expect, test } from 'vitest';
import { newDeploymentKey, parseKey, readingKeyOf } from '../../keys/key.ts';
import { Keyring } from '../../keys/keyring.ts';

describe('P6: a deployment key', () => {
  test('is a line of text with an id that its reading key has, too; two are never alike', () => {
    const key = newDeploymentKey();
    expect(key).toMatch(/^custody-deployment-key\.[0-9a-f]{12}\.[A-Za-z0-9_-]{43}$/);
    expect(parseKey(`${key}\n`).id).toBe(parseKey(readingKeyOf(key)).id);
    expect(newDeploymentKey()).not.toBe(key);
  });

  test('gives a reading key that opens as it does, and authenticates nothing', () => {
    const key = newDeploymentKey();
    const [whole, reading] = [parseKey(key), parseKey(readingKeyOf(key))];
    expect(reading.sealing).toEqual(whole.sealing);
    expect(reading.authentication).toBeUndefined();
    expect(whole.authentication).toHaveLength(32);
    expect(() => Keyring.ofWorker([readingKeyOf(key)])).toThrow(expect.objectContaining({ code: 'KEY_INVALID' }));
  });

  test.each([
    ['nothing', ''],
    ['no key', 'hunter2'],
    ['one that lost a character', newDeploymentKey().slice(0, -1)],
    ['one with another character', newDeploymentKey().replace(/.(?=.{20}$)/, (char) => (char === 'A' ? 'B' : 'A'))],
    ['one with the id of another', newDeploymentKey().replace(/\.[0-9a-f]{12}\./, '.0123456789ab.')],
    ['a deployment key that is called a reading key', newDeploymentKey().replace('deployment', 'reading')],
  ])('that is %s is refused, and the message does not repeat it', (_, text) => {
    const refusal = (() => {
      try {
        return parseKey(text);
      } catch (error) {
        return error as Error;
      }
    })() as Error;
    expect(refusal).toMatchObject({ code: 'KEY_INVALID' });
    if (text !== '') expect(refusal.message).not.toContain(text.slice(-20));
  });
});
