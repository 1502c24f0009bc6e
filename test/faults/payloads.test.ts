import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { Scene } from '../support/scene.ts';
import { temporalAddress } from '../support/temporal.ts';

const large = (): string => randomBytes(512 * 1024).toString('hex');

describe.concurrent('a worker killed in a call with 1 MiB of arguments and as much of an answer', () => {
  test.for([
    { at: 'before-mark', then: 'the next one reads the arguments again and makes the call', attempts: 2 },
    { at: 'after-keep', then: 'the next one knows the answer, by reference', attempts: 1 },
  ] as const)(
    'L6, E5: $at: $then; the tool ran once, and the caller gets all of it',
    async ({ at, attempts }, { onTestFinished }) => {
      const scene = await Scene.open({ address: temporalAddress() });
      onTestFinished(() => scene.close());
      const first = await scene.worker({ fault: at });
      const id = await scene.session();
      const text = large();
      const asked = scene.custody.session(id).call('journal.append', { text }, { callId: 'c' });
      expect(await first.exited).toMatchObject({ signal: 'SIGKILL', struck: at });
      await scene.worker();
      const { outcome, attempts: made, result } = await asked;
      expect({ outcome, made }).toEqual({ outcome: 'succeeded', made: attempts });
      expect(JSON.stringify(result) === JSON.stringify({ content: [{ text: `appended ${text}`, type: 'text' }] })).toBe(
        true,
      );
      expect(scene.journal.of(id, 'c')).toBe('begin end');
      expect(
        scene.journal
          .entries()
          .filter(({ tool }) => tool === 'append')
          .every(({ args }) => args.text === text),
      ).toBe(true);
    },
  );
});
