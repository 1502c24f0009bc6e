import fc from 'fast-check';
import { expect, test } from 'vitest';
import { verify } from '../../../audit/verify/verify.ts';
import { SESSION_KEY } from '../../../audit/seal/paths.ts';
import { MemoryStore, sealedSession, TRUST } from '../../support/evidence/sealed.ts';

/** The hundred thousand, in a run of its own. */
const RUNS = Number(process.env.CUSTODY_MUTATIONS ?? 1000);

const bundles = await Promise.all(
  ['decided', 'undo', 'reset', 'asked-and-answered', 'large-values'].map((name) => sealedSession(name)),
);

type Files = Map<string, Uint8Array>;

/** What is done to a bundle; false where it would leave it as it is. */
type Mutation = (files: Files, at: number, other: number) => boolean;

const pathAt = (files: Files, at: number): string => [...files.keys()][at % files.size] ?? '';

const MUTATIONS: { readonly [name: string]: Mutation } = {
  'a bit is turned'(files, at, other) {
    const path = pathAt(files, at);
    const bytes = Uint8Array.from(files.get(path) ?? []);
    if (bytes.length === 0) return false;
    bytes[other % bytes.length]! ^= 1 << (at % 8);
    files.set(path, bytes);
    return true;
  },
  'a byte is left out'(files, at, other) {
    const path = pathAt(files, at);
    const bytes = files.get(path) ?? new Uint8Array();
    const cut = other % (bytes.length + 1);
    if (cut === bytes.length) return false;
    files.set(path, Uint8Array.from([...bytes.subarray(0, cut), ...bytes.subarray(cut + 1)]));
    return true;
  },
  'a file is cut short'(files, at, other) {
    const path = pathAt(files, at);
    const bytes = files.get(path) ?? new Uint8Array();
    if (bytes.length === 0) return false;
    files.set(path, bytes.slice(0, other % bytes.length));
    return true;
  },
  'something is added to a file'(files, at) {
    const path = pathAt(files, at);
    files.set(path, Uint8Array.from([...(files.get(path) ?? []), at % 256]));
    return true;
  },
  'a file is taken away': (files, at) => files.delete(pathAt(files, at)),
  'a file is put under another name'(files, at, other) {
    const path = pathAt(files, at);
    const bytes = files.get(path) ?? new Uint8Array();
    files.delete(path);
    files.set(`${path}.${other % 1000}`, bytes);
    return true;
  },
  'two files change places'(files, at, other) {
    const [one, two] = [pathAt(files, at), pathAt(files, other)];
    const [first, second] = [files.get(one)!, files.get(two)!];
    if (Buffer.compare(first, second) === 0) return false;
    files.set(one, second).set(two, first);
    return true;
  },
  'a file of another session takes the place of one'(files, at, other) {
    const path = pathAt(files, at);
    const bytes = bundles[other % bundles.length]?.files.get(path);
    if (!bytes || Buffer.compare(bytes, files.get(path)!) === 0) return false;
    files.set(path, bytes);
    return true;
  },
};

test(`A4: every change of a bundle is found and named (${RUNS} random ones)`, async () => {
  let changed = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.nat(bundles.length - 1),
      fc.constantFrom(...Object.keys(MUTATIONS)),
      fc.nat(1_000_000),
      fc.nat(1_000_000),
      async (which, mutation, at, other) => {
        const files = new Map(bundles[which]!.files);
        const before = new Set(files.keys());
        if (!MUTATIONS[mutation]?.(files, at, other)) return;
        const { isSound, findings } = await verify(new MemoryStore(files), TRUST);
        const isKeyGone = before.has(SESSION_KEY) && !files.has(SESSION_KEY) && files.size === before.size - 1;
        // Without its key nothing of it is wrong, and its contents are not shown.
        if (isKeyGone) expect(findings.map(({ code }) => code)).toContain('WITHHELD');
        changed += 1;
        if (!isKeyGone) expect({ isSound, findings }).toMatchObject({ isSound: false, findings: expect.anything() });
      },
    ),
    { numRuns: RUNS },
  );
  expect(changed).toBeGreaterThan(RUNS / 2);
}, 3_600_000);
