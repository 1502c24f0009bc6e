import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Reading } from '../../../activities/evidence/deps.ts';
import { signed } from '../../../audit/tlog/note/sign.ts';
import { CHECKPOINT, MANIFEST, originOf } from '../../../audit/seal/paths.ts';
import { checkpointText } from '../../../audit/tlog/note/checkpoint.ts';
import { MemoryStore, SIGNER } from '../../support/evidence/sealed.ts';
import { expectWhole, look } from './scene.ts';

const NAME = 'continue-as-new';

/** A store as one of its writers has it: each write and each look at the manifest is on its turn. */
class Shared extends MemoryStore {
  readonly turn: () => Promise<void>;

  constructor(files: MemoryStore['files'], turn: () => Promise<void>) {
    super();
    Object.assign(this, { files });
    this.turn = turn;
  }

  override async put(path: string, bytes: Uint8Array): Promise<void> {
    await this.turn();
    return super.put(path, bytes);
  }

  override async get(path: string, most: number): Promise<Uint8Array | undefined> {
    if (path === MANIFEST || path === CHECKPOINT) await this.turn();
    return super.get(path, most);
  }
}

describe('A4: attempts to seal one session that overlap', () => {
  test('may write in any order: the next look has it whole, and never another log', async () => {
    const wanted = await look(new MemoryStore(), NAME);
    const codes = new Map<string, number>();
    const part = fc.double({ min: 0.05, max: 1, noNaN: true });
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), part, part, part, async (scheduler, before, first, second) => {
        const store = new MemoryStore();
        const readings = [new Map<string, Reading>(), new Map<string, Reading>()];
        await look(store, NAME, { part: before, readings: readings[0]! });
        const turn = scheduler.scheduleFunction(() => Promise.resolve());
        const attempts = [first, second].map((until, at) =>
          look(new Shared(store.files, turn), NAME, {
            part: Math.max(before, until),
            readings: readings[at]!,
          }).catch(({ code }: { code: string }) => void codes.set(code, (codes.get(code) ?? 0) + 1)),
        );
        await scheduler.waitFor(Promise.all(attempts));
        const known = (await Promise.all(attempts))
          .map((each) => each ?? { size: 0, root: '' })
          .reduce((most, each) => (each.size > most.size ? each : most));
        expect(await look(store, NAME, { known, readings: readings[0]! })).toEqual(wanted);
        await expectWhole(store, wanted);
      }),
      { numRuns: 60 },
    );
    console.log(Object.fromEntries(codes));
    expect([...codes.keys()].filter((code) => code !== 'BUNDLE_TORN')).toEqual([]);
  });

  test('an older list of files that is put back is continued by whoever looked before', async () => {
    const store = new MemoryStore();
    const readings = new Map<string, Reading>();
    await look(store, NAME, { part: 0.2, readings });
    const older = [CHECKPOINT, MANIFEST].map((path) => [path, store.files.get(path)!] as const);
    const known = await look(store, NAME, { part: 0.3, readings });
    for (const [path, bytes] of older) store.files.set(path, bytes);
    const wanted = await look(new MemoryStore(), NAME);
    expect(await look(store, NAME, { known, readings })).toEqual(wanted);
    await expectWhole(store, wanted);
  });

  test('a checkpoint that history does not come to is named, and nothing is signed beside it', async () => {
    const store = new MemoryStore();
    const { size } = await look(store, NAME, { part: 0.5 });
    const [origin, root] = [originOf('default', NAME), new Uint8Array(32)];
    for (const claimed of [size, size + 1, size + 10_000]) {
      const forged = await signed(checkpointText({ origin, size: claimed, root }), [SIGNER]);
      store.files.set(CHECKPOINT, forged);
      await expect(look(store, NAME, { part: 0.5 })).rejects.toMatchObject({ code: 'LOG_CONTRADICTS' });
      expect(store.files.get(CHECKPOINT)).toEqual(forged);
    }
  });
});
