import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { digestOf } from '../../../protocol/values/digest.ts';
import type { Ref } from '../../../protocol/values/payload.ts';
import { FolderStore } from '../../../store/folder.ts';
import { Custody } from '../../../client/custody.ts';
import { Harness } from '../../support/harness.ts';
import { temporalAddress } from '../../support/temporal.ts';
import { KIB, RESULT_FRAME, harness, running, begun, stored } from './harness.ts';

describe('U4: a store that is not the same, or not whole', () => {
  test('another folder at the client: its call is refused, unsent; a result there is a reference', async () => {
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
    const session = harness.custody.session(id);
    await session.pause();
    const answer = session.call('journal.append', { text }, { callId: 'forged' });
    await harness.until(id, ({ openCalls }) => openCalls.length === 1);
    const ref = await harness.custody.payloads.put({ text });
    const { dir } = harness.custody.payloads as FolderStore;
    await writeFile(
      join(dir, ref.sha256.slice(0, 2), ref.sha256),
      JSON.stringify({ text: text.replaceAll('genuine', 'forged!') }),
    );
    await session.resume();
    expect(await answer).toMatchObject({
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
