import { describe, expect, test } from 'vitest';
import { verify } from '../../../audit/verify/verify.ts';
import { RECORDED, sealedSession, TRUST } from '../../support/evidence/sealed.ts';

describe('A4: a sealed session', () => {
  test.each([...RECORDED.keys()])('%s verifies, and its records are derived again from its histories', async (name) => {
    const store = await sealedSession(name);
    const { isSound, counts, log, opened, derived } = await verify(store, TRUST);
    expect({ isSound, counts }).toEqual({ isSound: true, counts: expect.objectContaining({ UNWITNESSED: 1 }) });
    expect(opened).toBe(log?.size);
    expect(derived).toBe(log?.size);
  });
});
