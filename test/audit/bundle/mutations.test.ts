import fc from 'fast-check';
import { expect, test } from 'vitest';
import { verify } from '../../../audit/verify/verify.ts';
import { SESSION_KEY } from '../../../audit/seal/paths.ts';
import { MUTATIONS } from '../../support/evidence/mutations.ts';
import { MemoryStore, sealedSession, TRUST } from '../../support/evidence/sealed.ts';

/** The hundred thousand, in a run of its own. */
const RUNS = Number(process.env.CUSTODY_MUTATIONS ?? 1000);

const bundles = await Promise.all(
  ['decided', 'undo', 'reset', 'asked-and-answered', 'large-values'].map((name) => sealedSession(name)),
);

const others = bundles.map(({ files }) => files);

test(`A4: every change of a bundle is found and named (${RUNS} random ones)`, async () => {
  const done = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(
      fc.nat(bundles.length - 1),
      fc.constantFrom(...Object.keys(MUTATIONS)),
      fc.nat(1_000_000),
      fc.nat(1_000_000),
      async (which, mutation, at, other) => {
        const files = new Map(bundles[which]!.files);
        const before = new Set(files.keys());
        if (!MUTATIONS[mutation]?.(files, at, other, others)) return;
        const { isSound, findings } = await verify(new MemoryStore(files), TRUST);
        const isKeyGone = before.has(SESSION_KEY) && !files.has(SESSION_KEY) && files.size === before.size - 1;
        // Without its key nothing of it is wrong, and its contents are not shown.
        if (isKeyGone) expect(findings.map(({ code }) => code)).toContain('WITHHELD');
        done.set(mutation, (done.get(mutation) ?? 0) + 1);
        if (!isKeyGone) expect({ isSound, findings }).toMatchObject({ isSound: false, findings: expect.anything() });
      },
    ),
    { numRuns: RUNS },
  );
  const changed = [...done.values()].reduce((sum, count) => sum + count, 0);
  const { seed } = fc.readConfigureGlobal();
  process.stderr.write(`${JSON.stringify({ seed, changed, ...Object.fromEntries(done) })}\n`);
  expect(done.size).toBe(Object.keys(MUTATIONS).length);
  expect(changed).toBeGreaterThan(RUNS / 2);
}, 7_200_000);
