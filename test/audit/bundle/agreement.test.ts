import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SESSION_KEY } from '../../../audit/seal/paths.ts';
import { verify } from '../../../audit/verify/verify.ts';
import { canonical } from '../../../protocol/values/digest.ts';
import { isObject, type JsonObject } from '../../../protocol/values/json.ts';
import { onDisk, VKEY } from '../../support/evidence/onDisk.ts';
import { type Files, MUTATIONS } from '../../support/evidence/mutations.ts';
import { entriesOfLog, openingPaths, originIn, relisted, relogged, resealed } from '../../support/evidence/resigned.ts';
import { orderedSession } from '../../support/evidence/ordered.ts';
import { MemoryStore, sealedSession, TRUST } from '../../support/evidence/sealed.ts';
import { Checker, withoutGo } from '../bundlecheck/bundlecheck.ts';

/** A hundred thousand, in a run of its own. */
const RUNS = Number(process.env.CUSTODY_AGREEMENTS ?? 300);

const bundles: Files[] = [];
for (const name of ['decided', 'undo', 'reset', 'large-values']) bundles.push((await sealedSession(name)).files);
bundles.push((await orderedSession('plan', 'erase')).files, (await orderedSession('undo', 'hold')).files);

const changed = (bytes: Uint8Array, at: number, other: number): Uint8Array => {
  const copy = Uint8Array.from(bytes);
  if (copy.length > 0) copy[at % copy.length]! ^= 1 << (other % 8);
  return other % 3 === 0 ? copy.slice(0, at % (copy.length + 1)) : copy;
};

/** How far whoever changes a bundle may sign what comes of it. */
const FORGERS: {
  readonly [name: string]: (files: Files, mutation: string, at: number, other: number) => Promise<boolean>;
} = {
  async nobody(files, mutation, at, other) {
    return MUTATIONS[mutation]!(files, at, other, bundles);
  },
  async 'who signs the list'(files, mutation, at, other) {
    const origin = originIn(files);
    if (!MUTATIONS[mutation]!(files, at, other, bundles)) return false;
    await relisted(files, origin);
    return true;
  },
  async 'who has the key of the session'(files, _mutation, at, other) {
    const paths = openingPaths(files);
    await resealed(files, originIn(files), paths[other % paths.length]!, (content) => changed(content, at, other));
    return true;
  },
  async 'who signs the log'(files, _mutation, at, other) {
    const entries = entriesOfLog(files);
    const index = other % entries.length;
    if (at % 4 === 0) entries.splice(index, 1);
    else entries[index] = changed(entries[index]!, at, other);
    await relogged(files, originIn(files), entries);
    return true;
  },
  async 'who signs the log, and has an order there'(files, _mutation, at, other) {
    const entries = entriesOfLog(files);
    const leaf = JSON.parse(Buffer.from(entries.pop()!).toString()) as JsonObject;
    if (leaf['kind'] !== 'evidence') return false;
    const shown = forged(leaf['shown'] as JsonObject, at, other);
    await relogged(files, originIn(files), [...entries, Buffer.from(canonical({ ...leaf, shown }))]);
    return true;
  },
};

/** Changes a value somewhere in an object, or drops it. */
function forged(given: JsonObject, at: number, other: number): JsonObject {
  const names = Object.keys(given);
  const name = names[at % names.length] ?? '';
  const value = given[name];
  const { [name]: _, ...rest } = given;
  if (other % 8 === 0) return rest;
  if (isObject(value)) return { ...given, [name]: forged(value, Math.floor(at / names.length), other) };
  if (typeof value === 'number') return { ...given, [name]: value + 1 };
  if (typeof value === 'string') return { ...given, [name]: value.slice(1) };
  return { ...given, [name]: other % 2 === 0 ? null : [] };
}

/** What only one of the two can tell, or what is wrong with nothing. */
const OURS = /^(HISTORY_\w+|VALUE_ABSENT|UNWITNESSED)$/;
/** What a leaf shows is held against its record by Custody alone. */
const OURS_OF_LEAVES = /^(HISTORY_\w+|VALUE_ABSENT|UNWITNESSED|OPENING_INVALID)$/;

describe.skipIf(withoutGo !== undefined)('A4: a verifier that has nothing of ours', () => {
  let checker: Checker;
  beforeAll(async () => {
    const folders = await Promise.all(bundles.map((files) => onDisk(files)));
    checker = await Checker.of(VKEY, folders);
  });
  afterAll(() => checker.close());

  test('finds sealed sessions sound', async () => {
    for (const [which, files] of bundles.entries())
      expect(await checker.ask(which, files, files)).toEqual({
        sound: true,
        codes: files.has(SESSION_KEY) ? [] : ['ERASED'],
      });
  });

  test(`agrees on what is wrong with bundles that were changed (${RUNS} random ones)`, async () => {
    const seen = new Map<string, number>();
    let changed = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.nat(bundles.length - 1),
        fc.constantFrom(...Object.keys(FORGERS)),
        fc.constantFrom(...Object.keys(MUTATIONS)),
        fc.nat(1_000_000),
        fc.nat(1_000_000),
        async (which, forger, mutation, at, other) => {
          const files: Files = new Map(bundles[which]);
          if (!(await FORGERS[forger]!(files, mutation, at, other))) return;
          const ours = await verify(new MemoryStore(files), TRUST);
          const theirs = await checker.ask(which, bundles[which]!, files);
          const isOfLeaves = forger.startsWith('who signs the log');
          const both = (codes: readonly string[]) =>
            codes.filter((code) => !(isOfLeaves ? OURS_OF_LEAVES : OURS).test(code)).sort();
          const codes = both(Object.keys(ours.counts));
          expect(both(theirs.codes)).toEqual(codes);
          if (!isOfLeaves) expect(theirs.sound).toBe(ours.isSound);
          // What is sound to us is to anybody.
          if (ours.isSound) expect(theirs.sound).toBe(true);
          changed += 1;
          for (const code of codes.length > 0 ? codes : ['sound']) seen.set(code, (seen.get(code) ?? 0) + 1);
        },
      ),
      { numRuns: RUNS },
    );
    const { seed } = fc.readConfigureGlobal();
    process.stderr.write(`${JSON.stringify({ seed, runs: RUNS, changed, ...Object.fromEntries(seen) })}\n`);
    expect(seen.size).toBeGreaterThan(8);
  }, 7_200_000);
});
