import { describe, expect, test } from 'vitest';
import { copyOf, ordered, sealedBy } from './scene.ts';

const sealed = await sealedBy();
const MINUTE = 60_000;

describe('A6, A5: an order is refused', () => {
  test('whose signature is old, or of the future', async () => {
    const worker = await copyOf(sealed);
    for (const at of [Date.now() + 11 * MINUTE, Date.now() - 3 * MINUTE])
      await expect(worker.obey(ordered('hold'), { at })).rejects.toMatchObject({ code: 'PROOF_EXPIRED' });
  });

  test('that was obeyed before, once another came after it: nobody holds or releases by sending it again', async () => {
    const worker = await copyOf(sealed);
    const [hold, release] = [ordered('hold'), ordered('release')];
    await worker.obey(hold);
    const later = ordered('release');
    await worker.obey(later);
    for (const old of [hold, release]) await expect(worker.obey(old)).rejects.toMatchObject({ code: 'PROOF_REPLAYED' });
    expect((await (await worker.kept()).held())?.act).toBe('release');
  });

  test('that somebody changed after it was signed', async () => {
    const worker = await copyOf(sealed);
    for (const changed of [{ reason: 'another' }, { early: true }, { actor: 'eve' }])
      await expect(worker.obey({ ...ordered('erase'), ...changed })).rejects.toMatchObject({ code: 'PROOF_INVALID' });
    expect(await (await worker.kept()).isErased()).toBe(false);
  });
});
