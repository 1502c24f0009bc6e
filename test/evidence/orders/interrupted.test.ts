import { rm } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { readBy } from '../../../audit/seal/held.ts';
import { isErasure } from '../../../audit/seal/leaf.ts';
import { openLog } from '../../../evidence/log.ts';
import type { EvidenceOrder, OrderAct } from '../../../protocol/evidence/orders.ts';
import { verifiedIn } from '../../support/evidence/sealing.ts';
import { copyOf, ordered, sealedBy, SESSION, type Worker } from './scene.ts';

const sealed = await sealedBy();
const { size: before } = await sealed.seal();

/** What must hold whenever somebody died: what is irreversible stands on record, and so does the end of a hold. */
async function expectNothingUnexplained(worker: Worker, orders: readonly OrderAct[]): Promise<void> {
  const kept = await worker.kept();
  const { last } = await readBy(await openLog(worker.config, 'default', SESSION));
  if (await kept.isErased()) expect(isErasure(last)).toBe(true);
  const isReleased = orders.includes('release') && (await kept.held())?.act === 'release';
  if (isReleased) expect(last?.shown['act']).toBe('release');
}

/** Has an order die over each change that it makes, in turn. */
async function dyingOver(
  orders: readonly OrderAct[],
  after: (worker: Worker, order: EvidenceOrder) => Promise<void>,
): Promise<number> {
  for (let deaths = 0; ; deaths += 1) {
    const worker = await copyOf(sealed);
    for (const act of orders.slice(0, -1)) await worker.obey(ordered(act));
    const order = ordered(orders.at(-1)!);
    const hasDied = await worker.obey(order, { life: { left: deaths } }).then(
      () => false,
      (error: Error) => error.message.includes('died'),
    );
    await expectNothingUnexplained(worker, orders);
    await after(worker, order);
    await rm(worker.dir, { recursive: true });
    if (!hasDied) return deaths;
  }
}

const NEXT = {
  'a repeat of it': (worker: Worker, order: EvidenceOrder) => worker.obey(order),
  'a look and another order': async (worker: Worker, { act }: EvidenceOrder) => {
    await worker.seal();
    return worker.obey(ordered(act));
  },
};

describe.each(Object.entries(NEXT))('A6: an order that dies at any of its changes, and then %s', (_, next) => {
  test('has erased everything, on record once', async () => {
    const deaths = await dyingOver(['erase'], async (worker, order) => {
      const { record } = await next(worker, order);
      const { isSound, counts, log } = await verifiedIn(worker.dir, SESSION);
      expect({ isSound, counts, size: log?.size }).toEqual({
        isSound: true,
        counts: { ERASED: 1, UNWITNESSED: 1 },
        size: record + 1,
      });
      expect(record).toBe(before);
      expect(await (await worker.kept()).isErased()).toBe(true);
      for await (const { sha256 } of worker.values.list()) expect(sha256).not.toBe(worker.value);
      expect(worker.forgot).toBeGreaterThan(0);
    });
    expect(deaths).toBeGreaterThan(6);
  });

  test('holds', async () => {
    const deaths = await dyingOver(['hold'], async (worker, order) => {
      await next(worker, order);
      await expect(worker.obey(ordered('erase'))).rejects.toMatchObject({ code: 'EVIDENCE_HELD' });
      const { isSound, opened, log } = await verifiedIn(worker.dir, SESSION);
      expect({ isSound, opened }).toEqual({ isSound: true, opened: log?.size });
    });
    expect(deaths).toBeGreaterThan(5);
  });

  test('has released', async () => {
    const deaths = await dyingOver(['hold', 'release'], async (worker, order) => {
      await next(worker, order);
      await worker.obey(ordered('erase'));
      const { isSound, counts } = await verifiedIn(worker.dir, SESSION);
      expect({ isSound, counts }).toEqual({ isSound: true, counts: { ERASED: 1, UNWITNESSED: 1 } });
    });
    expect(deaths).toBeGreaterThan(5);
  });
});
