import { describe, expect, test } from 'vitest';
import { mortal } from '../../support/evidence/mortal.ts';
import { MemoryStore } from '../../support/evidence/sealed.ts';
import { expectWhole, look } from './scene.ts';

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
          const dying = new MemoryStore(start.files);
          const died = await look(mortal(dying, ['put'], { left: writes }), name).then(
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
