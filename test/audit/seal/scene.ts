import { expect } from 'vitest';
import { sealRecords } from '../../../activities/evidence/sealRecords.ts';
import { nativeSha256 } from '../../../audit/nativeSha256.ts';
import { eventsIn } from '../../../audit/read/json.ts';
import { resetIn } from '../../../audit/read/reset.ts';
import { copyBundle } from '../../../audit/seal/copy.ts';
import { SESSION_KEY } from '../../../audit/seal/paths.ts';
import { base64Of, bytesOf } from '../../../audit/tlog/note/text.ts';
import { verify } from '../../../audit/verify/verify.ts';
import type { EvidenceStore } from '../../../protocol/evidence/store.ts';
import { KEY, logIn, MemoryStore, RECORDED, runOf, TRUST } from '../../support/evidence/sealed.ts';

type Root = Awaited<ReturnType<typeof sealRecords>>;

export const NOTHING_KNOWN = { size: 0, root: '' };

/** One look at a session, by the activity of workers: as far as its history was when so much of each run was there. */
export async function look(
  store: EvidenceStore,
  name: string,
  { part = 1, known = NOTHING_KNOWN }: { readonly part?: number; readonly known?: Pick<Root, 'size' | 'root'> } = {},
): Promise<Root> {
  const runs = (RECORDED.get(name) ?? []).map((json) => {
    const events = eventsIn(json);
    const some = events.slice(0, Math.ceil(events.length * part));
    return { run: runOf(json), events: some, point: resetIn(events)?.point ?? 0, raw: () => json };
  });
  const there = part < 1 ? runs.slice(0, 1) : runs;
  return sealRecords(
    {
      evidence: {
        log: () => logIn(store, name),
        outside: () => Promise.resolve(undefined),
        async *runs(_session, from) {
          yield* there.slice(from === undefined ? 0 : there.findIndex(({ run }) => run === from));
        },
      },
      payloads: { put: () => Promise.reject(new Error('nothing is put')), get: () => Promise.resolve(undefined) },
    } as Parameters<typeof sealRecords>[0],
    { session: name, known },
  );
}

/** The bundle in a store is sound, whole to its last record, and made of the same records as another look's. */
export async function expectWhole(store: MemoryStore, { size, root }: Pick<Root, 'size' | 'root'>): Promise<void> {
  const bundle = new MemoryStore([[SESSION_KEY, bytesOf(`${base64Of(KEY)}\n`)]]);
  await copyBundle(store, bundle, nativeSha256);
  const { isSound, findings, log, opened, derived } = await verify(bundle, TRUST);
  expect(findings.filter(({ severity }) => severity !== 'note')).toEqual([]);
  expect({ isSound, size: log?.size, root: log?.root, opened, derived }).toEqual({
    isSound: true,
    size,
    root,
    opened: size,
    derived: size,
  });
}
