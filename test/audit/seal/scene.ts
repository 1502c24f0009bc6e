import { expect } from 'vitest';
import type { Evidence, Kept, Reading } from '../../../activities/evidence/deps.ts';
import { sealRecords } from '../../../activities/evidence/sealRecords.ts';
import { nativeSha256 } from '../../../audit/nativeSha256.ts';
import { eventsIn } from '../../../audit/read/json.ts';
import { resetIn } from '../../../audit/read/reset.ts';
import { copyBundle } from '../../../audit/seal/copy.ts';
import { SESSION_KEY } from '../../../audit/seal/paths.ts';
import { base64Of, bytesOf } from '../../../audit/tlog/note/text.ts';
import { FINDINGS } from '../../../audit/verify/findings.ts';
import { verify } from '../../../audit/verify/verify.ts';
import { KEY, logIn, MemoryStore, RECORDED, runOf, TRUST } from '../../support/evidence/sealed.ts';

type Root = Pick<Awaited<ReturnType<typeof sealRecords>>, 'size' | 'root'>;

/** How a session is looked at: with how much of its history there is, and by a worker that has looked before. */
export interface Look {
  readonly part?: number;
  readonly known?: Root;
  readonly readings?: Map<string, Reading>;
}

/** One look at a recorded session, as a worker does it. */
export async function look(store: MemoryStore, name: string, its: Look = {}): Promise<Root> {
  const { known = { size: 0, root: '' } } = its;
  return sealRecords({ evidence: evidenceOf(store, name, its), payloads: NO_PAYLOADS }, { session: name, known });
}

const gone = () => Promise.reject(new Error('No value is kept here.'));
export const NO_PAYLOADS = { put: gone, get: gone };

/** What a worker has at hand that seals a recorded session. */
export function evidenceOf(store: MemoryStore, name: string, { part = 1, readings }: Look = {}): Evidence {
  const all = (RECORDED.get(name) ?? []).map((json) => ({ json, run: runOf(json), events: eventsIn(json) }));
  let left = Math.ceil(all.reduce((sum, { events }) => sum + events.length, 0) * part);
  const runs = all.flatMap(({ json, run, events }, at) => {
    const there = events.slice(0, left);
    left -= there.length;
    const isClosed = there.length === events.length;
    return there.length === 0
      ? []
      : {
          run,
          events: there,
          point: resetIn(events)?.point ?? 0,
          isOver: isClosed && at === all.length - 1,
          next: isClosed ? all[at + 1]?.run : undefined,
          raw: () => Promise.resolve(json),
        };
  });
  return {
    log: () => logIn(store, name),
    namespaceLog: () => Promise.reject(new Error('There is no log of a namespace here.')),
    list: () => Promise.resolve(),
    // Nobody ordered anything.
    kept: () => Promise.resolve({ intended: () => Promise.resolve(undefined) } as Partial<Kept> as Kept),
    standing: () => Promise.resolve('over' as const),
    named: () => Promise.resolve(new Set<string>()),
    forget: () => Promise.resolve(0),
    outside: () => Promise.resolve(undefined),
    readings: readings ?? new Map<string, Reading>(),
    async *runs(_session: string, from: string | undefined, known: (run: string) => number) {
      for (const each of runs.slice(from === undefined ? 0 : runs.findIndex(({ run }) => run === from))) {
        const last = known(each.run);
        yield { ...each, events: each.events.filter(({ eventId }) => Number(eventId) > last) };
      }
    },
  };
}

/** What is in a store is sound, and has these records, each of which its histories give again. */
export async function expectWhole(store: MemoryStore, { size, root }: Root): Promise<void> {
  const bundle = new MemoryStore([[SESSION_KEY, bytesOf(`${base64Of(KEY)}\n`)]]);
  await copyBundle(store, bundle, nativeSha256);
  const { findings, log, opened, derived } = await verify(bundle, TRUST);
  const broken = findings.filter(({ code }) => FINDINGS[code].severity === 'broken');
  expect({ broken, size: log?.size, root: log?.root, opened, derived }).toEqual({
    broken: [],
    size,
    root,
    opened: size,
    derived: size,
  });
}
