import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporal } from '@temporalio/proto';
import { describe, expect, test } from 'vitest';
import type { Answer } from '../../../client/index.ts';
import { REDACTED } from '../../../protocol/values/redacted.ts';
import { SECRET, FILE_SECRET, harness, log, session, call, historyOf, onHostileServers } from './stage.ts';

onHostileServers([], { hasSecrets: true });

describe('E1: secrets', () => {
  const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
  const textOf = (answer: Answer | undefined): unknown =>
    answer?.result && 'content' in answer.result ? (answer.result.content as { text: string }[])[0]?.text : undefined;

  /** As it is, URL-encoded, in base64, and what is in base64 of it in the midst of other text. */
  const spelt = (secret: string): string[] => [
    secret,
    encodeURIComponent(secret),
    Buffer.from(secret).toString('base64'),
    Buffer.from(`user:${secret}!`).toString('base64').slice(8, -4),
  ];

  test('go to their server by reference, and are in no history, state folder or log', async () => {
    const secretive = ['secret-digest', 'tell-secret', 'echo-secret'];
    const id = await session(...secretive.flatMap((each) => [each, `http-${each}`]));
    expect(textOf(await call(id, 'secret-digest.poke', 'digest'))).toBe(sha256(SECRET));
    expect(textOf(await call(id, 'http-secret-digest.poke', 'http-digest'))).toBe(sha256(FILE_SECRET));
    // Servers that repeat their secret where they say what is wrong with it.
    expect(await call(id, 'tell-secret.poke', 'told')).toMatchObject({
      outcome: 'failed',
      error: { code: 'SERVER_REFUSED', message: expect.stringContaining('has expired') as string },
    });
    expect(await call(id, 'http-tell-secret.poke', 'http-told')).toMatchObject({
      outcome: 'failed',
      error: { code: 'SERVER_REFUSED' },
    });
    // Servers that repeat it in their results.
    for (const echo of ['echo-secret', 'http-echo-secret']) {
      const { result } = (await call(id, `${echo}.poke`, echo))!;
      expect(result).toMatchObject({
        content: [{ text: `I know ${REDACTED}.` }],
        structuredContent: { plain: REDACTED, base64: REDACTED, url: REDACTED, [REDACTED]: 1 },
        more: { _meta: { 'a/b': REDACTED }, e: REDACTED },
        exact: expect.stringMatching(/"big":12345678901234567890/) as string,
      });
      expect(JSON.parse((result as { exact: string }).exact)).toMatchObject({ e: REDACTED });
    }
    const { id: failed } = await harness.custody.start(harness.spec({ servers: ['tell-secret-and-die'] }));
    expect(await harness.custody.session(failed).wait()).toMatchObject({
      state: 'FAILED',
      code: 'SERVER_UNAVAILABLE',
      reason: expect.stringContaining('has expired') as string,
    });

    const histories = await Promise.all(
      [id, failed].map(async (each) => temporal.api.history.v1.History.encode(await historyOf(each)).finish()),
    );
    const state = readdirSync(join(harness.dir, 'state'), { recursive: true, withFileTypes: true })
      .filter((file) => file.isFile())
      .map((file) => readFileSync(join(file.parentPath, file.name)));
    expect([histories.length, state.length > 0, log.length > 0]).toEqual([2, true, true]);
    for (const secret of [SECRET, FILE_SECRET].flatMap(spelt)) {
      expect(
        histories.map((history) => Buffer.from(history).includes(secret)),
        'in a history',
      ).toEqual([false, false]);
      expect(
        state.some((file) => file.includes(secret)),
        'in the state folder',
      ).toBe(false);
      expect(
        log.filter((line) => line.includes(secret)),
        'in the log',
      ).toEqual([]);
    }
  });

  test('that are missing fail the session with the name of the variable', async () => {
    const { id } = await harness.custody.start(harness.spec({ servers: ['secret-missing'] }));
    expect(await harness.custody.session(id).wait()).toMatchObject({
      state: 'FAILED',
      code: 'SECRET_MISSING',
      reason: expect.stringMatching(/'secret-missing'.*CUSTODY_TEST_MISSING/) as string,
    });
  });

  test('of the worker are not inherited by a server', async () => {
    const id = await session('none');
    const { env } = JSON.parse(String(textOf(await call(id, 'none.look', 'look')))) as { env: Record<string, string> };
    expect(env['PATH']).toBe(process.env['PATH']);
    expect(Object.keys(env).filter((name) => /CUSTODY|TEMPORAL|NODE|VITEST/.test(name))).toEqual([]);
    expect(JSON.stringify(env)).not.toContain(SECRET);
  });
});
