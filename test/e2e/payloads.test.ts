import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporal } from '@temporalio/proto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { historyOf } from '../../client/temporal/history.ts';
import type { Answer } from '../../protocol/call.ts';
import { digestOf } from '../../protocol/values/digest.ts';
import { LIMITS } from '../../protocol/limits.ts';
import type { Ref } from '../../protocol/values/payload.ts';
import { FolderStore } from '../../store/folder.ts';
import { callUpdate } from '../../workflows/messages.ts';
import { Custody } from '../../client/custody.ts';
import { Harness } from '../support/harness.ts';
import { temporalAddress } from '../support/temporal.ts';

const KIB = 1024;
const MIB = 1024 * KIB;
/** What stands around the text of a result. */
const RESULT_FRAME = '{"content":[{"text":"","type":"text"}]}'.length;

let harness: Harness;
beforeAll(async () => {
  harness = await Harness.start();
});
afterAll(() => harness?.stop());

const running = (spec = {}): Promise<string> => harness.running(spec);

const textIn = ({ result }: Answer): string =>
  result && 'content' in result ? ((result.content as { text: string }[])[0]?.text ?? '') : '';

const begun = (id: string) =>
  harness.journal().filter(({ phase, idempotencyKey }) => phase === 'begin' && idempotencyKey?.startsWith(`${id}/`));

/** Bytes of the largest event in the history of a session, over all its runs. */
async function largestEvent(id: string): Promise<number> {
  let largest = 0;
  for await (const { event } of historyOf(harness.custody.temporal, id, false))
    largest = Math.max(largest, temporal.api.history.v1.HistoryEvent.encode(event).finish().length);
  return largest;
}

/** A reference that a history shows, and what the store has for it. */
const stored = (ref: Ref) => (harness.custody.payloads as FolderStore).get(ref);

describe('E5, D13: what is too large for history', () => {
  test('arguments of 1 MiB reach the server and its answer comes back, byte for byte; history has 64 KiB of neither', async () => {
    const id = await running();
    const text = randomBytes(512 * KIB).toString('hex');
    const answer = await harness.custody.session(id).call('journal.append', { text }, { callId: 'large' });
    expect(answer).toMatchObject({ outcome: 'succeeded', attempts: 1 });
    expect(textIn(answer) === `appended ${text}`).toBe(true);
    expect(begun(id).map(({ args }) => args.text === text)).toEqual([true]);
    expect(await largestEvent(id)).toBeLessThan(8 * KIB);
    const entries = [];
    for await (const entry of harness.custody.session(id).watch({ follow: false })) entries.push(entry);
    const bytes = MIB + '{"text":""}'.length;
    expect(entries).toContainEqual(
      expect.objectContaining({
        kind: 'attempt',
        text: expect.stringContaining(`journal.append ${bytes} bytes, SHA-256 ${digestOf({ text }).slice(0, 16)}…`),
      }),
    );
    expect(entries).toContainEqual(
      expect.objectContaining({
        kind: 'outcome',
        text: expect.stringMatching(/journal\.append: succeeded, \d{7} bytes, SHA-256 [0-9a-f]{16}…/),
      }),
    );
  });

  test('a result of 5 MiB comes back whole', async () => {
    const id = await running();
    const answer = await harness.custody.session(id).call('journal.big', { bytes: 5 * MIB });
    expect(textIn(answer) === 'x'.repeat(5 * MIB)).toBe(true);
    expect(await largestEvent(id)).toBeLessThan(8 * KIB);
  });

  test.each([
    [LIMITS.argumentBytes, false],
    [LIMITS.argumentBytes + 1, true],
  ])('arguments of %i bytes go by reference: %s', async (bytes, outside) => {
    const id = await running();
    const text = 'z'.repeat(bytes - '{"text":""}'.length);
    expect(await harness.custody.session(id).call('journal.append', { text })).toMatchObject({ outcome: 'succeeded' });
    expect((await largestEvent(id)) > LIMITS.argumentBytes).toBe(!outside);
  });

  test('sixteen calls at once with 1 MiB each all run, once', async () => {
    const id = await running();
    const texts = Array.from({ length: 16 }, () => randomBytes(512 * KIB).toString('hex'));
    const answers = await Promise.all(
      texts.map((text, n) => harness.custody.session(id).call('journal.append', { text }, { callId: `large-${n}` })),
    );
    expect(answers.map((answer, n) => textIn(answer) === `appended ${texts[n]}`)).toEqual(Array(16).fill(true));
    expect(new Set(begun(id).map(({ args }) => args.text))).toEqual(new Set(texts));
    expect(await harness.custody.session(id).describe()).toMatchObject({ state: 'RUNNING' });
  });

  test('L8: sessions that continue as new carry references: every call gets its own answer, whole, and ids of earlier runs are known', async () => {
    const { id } = await harness.custody.start(harness.spec(), { tuning: { eventsPerRun: 60 } });
    const texts = Array.from({ length: 24 }, () => randomBytes(50 * KIB).toString('hex'));
    const ask = (n: number) =>
      harness.custody.session(id).call('journal.append', { text: texts[n] ?? '' }, { callId: `c${n}` });
    for (let from = 0; from < texts.length; from += 6) {
      const answers = await Promise.all([0, 1, 2, 3, 4, 5].map((n) => ask(from + n)));
      expect(answers.map((answer, n) => textIn(answer) === `appended ${texts[from + n]}`)).toEqual(Array(6).fill(true));
    }
    const view = await harness.custody.session(id).describe();
    expect(view.runs).toBeGreaterThan(1);
    expect(textIn(await ask(0)) === `appended ${texts[0]}`).toBe(true);
    expect(begun(id)).toHaveLength(texts.length);
    expect(await largestEvent(id)).toBeLessThan(LIMITS.argumentBytes + 32 * KIB);
  });

  test('E4: a repeated call id gets the first answer, and under other arguments of the same size it is refused', async () => {
    const id = await running();
    const [text, other] = ['a'.repeat(100 * KIB), 'b'.repeat(100 * KIB)];
    const first = await harness.custody.session(id).call('journal.append', { text }, { callId: 'c' });
    expect(await harness.custody.session(id).call('journal.append', { text }, { callId: 'c' })).toEqual(first);
    await expect(
      harness.custody.session(id).call('journal.append', { text: other }, { callId: 'c' }),
    ).rejects.toMatchObject({
      code: 'CALL_ID_REUSED',
    });
    expect(begun(id)).toHaveLength(1);
  });

  test('U4: arguments above the limit are refused by code before anything is sent, whoever sends them', async () => {
    const id = await running();
    await expect(
      harness.custody.session(id).call('journal.append', { text: 'x'.repeat(LIMITS.messageBytes) }),
    ).rejects.toMatchObject({
      code: 'ARGUMENTS_TOO_LARGE',
      message: expect.stringContaining(String(LIMITS.messageBytes)),
    });
    await expect(
      harness.custody.session(id).call('journal.append', { text: `\ud800${'x'.repeat(100 * KIB)}` }),
    ).rejects.toMatchObject({ code: 'MALFORMED_COMMAND' });
    const send = (fields: object) =>
      harness.custody.temporal.workflow
        .getHandle(id)
        .executeUpdate(callUpdate, { args: [{ callId: 'raw', server: 'journal', tool: 'append', ...fields }] });
    const ref = { sha256: 'a'.repeat(64), bytes: 100 * KIB, preview: '' };
    expect(await send({ args: { text: 'x'.repeat(LIMITS.argumentBytes) } })).toMatchObject({
      status: 'refused',
      refusal: { code: 'ARGUMENTS_TOO_LARGE', message: expect.stringContaining('argsRef') },
    });
    expect(await send({ argsRef: { ...ref, bytes: LIMITS.messageBytes + 1 } })).toMatchObject({
      status: 'refused',
      refusal: { code: 'ARGUMENTS_TOO_LARGE' },
    });
    await expect(send({ argsRef: { ...ref, sha256: '../../../etc/passwd' } })).rejects.toThrow();
    await expect(send({ argsRef: ref, args: {} })).rejects.toThrow();
    expect(begun(id)).toEqual([]);
    expect(await harness.custody.session(id).call('journal.lookup', { key: 'k' })).toMatchObject({
      outcome: 'succeeded',
    });
  });
});

describe('E5: limits of a profile', () => {
  test('session.maxArguments: more is refused by code, and nothing is sent; session.maxResult: more is not kept, by code', async () => {
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

describe('U4: a store that is not the same, or not whole', () => {
  test('a client with another folder: its call is refused by code and nothing is sent; a result that it cannot read is a reference', async () => {
    const id = await running();
    const stranger = await Custody.connect({
      address: temporalAddress(),
      actor: 'stranger',
      taskQueue: harness.custody.taskQueue,
      store: join(harness.dir, 'elsewhere'),
    });
    try {
      const refused = await stranger
        .session(id)
        .call('journal.append', { text: 'x'.repeat(100 * KIB) }, { callId: 'lost' });
      expect(refused).toMatchObject({
        outcome: 'refused',
        attempts: 1,
        error: {
          code: 'PAYLOAD_MISSING',
          message: expect.stringContaining((harness.custody.payloads as FolderStore).dir),
        },
      });
      expect(begun(id)).toEqual([]);
      const { result, outcome } = await stranger.session(id).call('journal.big', { bytes: 100_000 });
      expect({ result, outcome }).toEqual({
        outcome: 'succeeded',
        result: {
          ref: {
            sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
            bytes: 100_000 + RESULT_FRAME,
            preview: expect.stringMatching(/^\{"content":\[\{"text":"x+$/),
          },
        },
      });
      const { ref } = result as { ref: Ref };
      await expect(stranger.payloads.get(ref)).rejects.toMatchObject({ code: 'PAYLOAD_MISSING' });
      expect(await stored(ref)).toEqual({ content: [{ type: 'text', text: 'x'.repeat(100_000) }] });
    } finally {
      await stranger.close();
    }
  });

  test('arguments that were changed in the store are never sent', async () => {
    const id = await running();
    const text = 'genuine '.repeat(20_000);
    const ref = await harness.custody.payloads.put({ text });
    const { dir } = harness.custody.payloads as FolderStore;
    await writeFile(
      join(dir, ref.sha256.slice(0, 2), ref.sha256),
      JSON.stringify({ text: text.replaceAll('genuine', 'forged!') }),
    );
    const answer = await harness.custody.session(id).call('journal.append', { text }, { callId: 'forged' });
    expect(answer).toMatchObject({
      outcome: 'refused',
      error: { code: 'PAYLOAD_CORRUPT', message: expect.stringContaining(ref.sha256) },
    });
    expect(begun(id)).toEqual([]);
  });

  test('a worker that cannot keep a result reports the call as what it is, with hash, size and preview', async () => {
    const own = await Harness.start({ worker: { store: join(process.execPath, 'no-folder') } });
    try {
      const { id } = await own.custody.start(own.spec());
      const answer = await own.custody.session(id).call('journal.big', { bytes: 100_000 });
      const whole = { content: [{ type: 'text', text: 'x'.repeat(100_000) }] };
      expect(answer).toMatchObject({
        outcome: 'succeeded',
        result: {
          truncated: {
            bytes: JSON.stringify(whole).length,
            sha256: digestOf(whole),
            preview: expect.stringContaining('"text":"xxx'),
          },
          why: { code: 'STORE_UNAVAILABLE' },
        },
      });
      const blocked = own.custody.session(id).call('journal.append', { text: 'y'.repeat(100_000) });
      expect(await blocked).toMatchObject({ outcome: 'failed', error: { code: 'STORE_UNAVAILABLE' } });
      expect(own.journal().filter(({ tool }) => tool === 'append')).toEqual([]);
    } finally {
      await own.stop();
    }
  });
});

describe('E6, D13: plans', () => {
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

  test('U4: a reference into a result that stands outside history ends the plan with a reason that says so', async () => {
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

  test('U4: large arguments with references, or more in all than a spec may have, are refused before the start', async () => {
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
