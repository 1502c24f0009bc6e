import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { LIMITS } from '../../../protocol/limits.ts';
import { Harness } from '../../support/harness.ts';
import { KIB, RESULT_FRAME, harness, textIn, begun, largestEvent } from './harness.ts';

describe('E5: limits of a profile', () => {
  test('beyond session.maxArguments nothing is sent, beyond session.maxResult nothing is kept', async () => {
    const own = await Harness.start({ profile: { session: { maxArguments: '128KiB', maxResult: '256KiB' } } });
    try {
      const { id } = await own.custody.start(own.spec());
      await own.until(id, ({ state }) => state === 'RUNNING');
      await expect(
        own.custody.session(id).call('journal.append', { text: 'x'.repeat(128 * KIB) }),
      ).rejects.toMatchObject({
        code: 'ARGUMENTS_TOO_LARGE',
        message: expect.stringContaining('session.maxArguments is 128KiB'),
      });
      expect(own.journal()).toEqual([]);
      expect(await own.custody.session(id).call('journal.append', { text: 'x'.repeat(127 * KIB) })).toMatchObject({
        outcome: 'succeeded',
      });
      expect(textIn(await own.custody.session(id).call('journal.big', { bytes: 255 * KIB })).length).toBe(255 * KIB);
      expect(await own.custody.session(id).call('journal.big', { bytes: 256 * KIB })).toMatchObject({
        outcome: 'succeeded',
        result: {
          truncated: { bytes: 256 * KIB + RESULT_FRAME, preview: expect.stringContaining('xxx') },
          why: { code: 'RESULT_TOO_LARGE', message: expect.stringContaining('session.maxResult is 256KiB') },
        },
      });
      const { id: tighter } = await own.custody.start(
        own.spec({
          overrides: { session: { maxArguments: '2KiB' } },
          plan: [{ call: 'journal.append', args: { text: 'x'.repeat(2 * KIB) } }],
        }),
      );
      expect(await own.custody.session(tighter).wait()).toMatchObject({
        state: 'FAILED',
        code: 'PLAN_STEP_FAILED',
        reason: expect.stringContaining('session.maxArguments is 2KiB'),
      });
    } finally {
      await own.stop();
    }
  });
});

describe('E6: plans', () => {
  test('a step with 1 MiB of arguments runs; history has a reference', async () => {
    const text = randomBytes(512 * KIB).toString('hex');
    const { id } = await harness.custody.start(
      harness.spec({
        plan: [
          { call: 'journal.append', args: { text: `$\${kept} ${text}` }, as: 'large' },
          { parallel: [{ call: 'journal.upsert', args: { key: 'k', value: text } }] },
        ],
      }),
    );
    expect(await harness.custody.session(id).wait()).toMatchObject({ state: 'COMPLETED' });
    expect(begun(id).map(({ args }) => [args.text === `\${kept} ${text}`, args.value === text])).toEqual([
      [true, false],
      [false, true],
    ]);
    expect(await largestEvent(id)).toBeLessThan(16 * KIB);
  });

  test('U4: a reference into a result that stands outside history ends the plan, with why', async () => {
    const { id } = await harness.custody.start(
      harness.spec({
        plan: [
          { call: 'journal.big', args: { bytes: 100_000 }, as: 'draft' },
          { call: 'journal.append', args: { text: '${draft.content.0.text}' } },
        ],
      }),
    );
    expect(await harness.custody.session(id).wait()).toMatchObject({
      state: 'FAILED',
      code: 'PLAN_REFERENCE_MISSING',
      reason: expect.stringMatching(
        /\$\{draft\.content\.0\.text\} cannot be taken .* 100\d{3} bytes are kept outside history/,
      ),
    });
  });

  test('U4: large arguments with references, or too many for a spec, are refused before the start', async () => {
    const start = (args: object, as = 'a') =>
      harness.custody
        .start(
          harness.spec({
            plan: [
              { call: 'journal.lookup', args: { key: 'k' }, as: 'a' },
              { call: 'journal.append', args: args as never, as: `${as}2` },
            ],
          }),
        )
        .then(({ id }) => id);
    await expect(start({ text: `\${a.content} ${'x'.repeat(100 * KIB)}` })).rejects.toMatchObject({
      code: 'SPEC_INVALID',
      message: expect.stringContaining('refer to "a"'),
    });
    await expect(start({ text: 'x'.repeat(LIMITS.messageBytes) })).rejects.toMatchObject({
      code: 'SPEC_INVALID',
      message: expect.stringContaining(`at most ${LIMITS.messageBytes}`),
    });
    const many = Array.from({ length: 6 }, (_, n) => ({
      call: 'journal.append',
      args: { text: `${n}${'x'.repeat(60 * KIB)}` },
    }));
    await expect(harness.custody.start(harness.spec({ plan: many }))).rejects.toMatchObject({
      code: 'SPEC_INVALID',
      message: expect.stringContaining('at most 262144'),
    });
  });
});
