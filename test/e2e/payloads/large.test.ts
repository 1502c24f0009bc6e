import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { digestOf } from '../../../protocol/values/digest.ts';
import { LIMITS } from '../../../protocol/limits.ts';
import { callUpdate } from '../../../workflows/messages.ts';
import { KIB, MIB, harness, running, textIn, begun, largestEvent } from './harness.ts';

describe('E5: what is too large for history', () => {
  test('arguments of 1 MiB and their answer go to and fro byte for byte; history has 64 KiB of neither', async () => {
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

  test('L8: references outlive continue-as-new: each call gets its answer, whole; older ids are known', async () => {
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

  test('E4: a repeated call id gets the first answer; with other arguments of that size it is refused', async () => {
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
