import { describe, expect, test } from 'vitest';
import { CustodyError } from '../../../protocol/errors.ts';
import { MemoryStore } from '../../support/evidence/sealed.ts';
import { expectWhole, look } from './scene.ts';

/** A store that is down for good after so many writes. */
class Dying extends MemoryStore {
  left: number;

  constructor(files: MemoryStore['files'], left: number) {
    super(files);
    this.left = left;
  }

  override put(path: string, bytes: Uint8Array): Promise<void> {
    if (this.left === 0) throw new CustodyError('EVIDENCE_UNAVAILABLE', 'It died.');
    this.left -= 1;
    return super.put(path, bytes);
  }
}

describe('A4: a session whose sealing dies', () => {
  test.each(['plan', 'continue-as-new', 'reset', 'forked', 'recovered', 'undo'])(
    'at any of its writes is sealed by the next look, and nothing is doubled or lost: %s',
    async (name) => {
      const whole = new MemoryStore();
      const wanted = await look(whole, name);
      let deaths = 0;
      for (const before of [0, 0.5]) {
        const start = new MemoryStore();
        if (before > 0) await look(start, name, { part: before });
        for (let writes = 0; ; writes += 1) {
          const dying = new Dying(start.files, writes);
          const died = await look(dying, name).then(
            () => false,
            () => true,
          );
          const after = new MemoryStore(dying.files);
          expect(await look(after, name)).toEqual(wanted);
          await expectWhole(after, wanted);
          if (!died) break;
          deaths += 1;
        }
      }
      console.log(`${name}: ${deaths} deaths`);
      expect(deaths).toBeGreaterThan(10);
    },
  );
});
