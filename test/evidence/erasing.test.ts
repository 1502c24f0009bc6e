import { access, mkdtemp, readFile, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { takeBundle } from '../../cli/audit/takeBundle.ts';
import { dueSessions } from '../../cli/audit/due.ts';
import { verifyAt } from '../../cli/audit/verify.ts';
import { trustOf } from '../../cli/audit/trust.ts';
import type { Custody } from '../../client/custody.ts';
import type { Ref } from '../../protocol/values/payload.ts';
import { ValueFolder } from '../../store/values.ts';
import { EVIDENCE, signingKey, verified } from '../support/evidence/sealing.ts';
import { eventually, Harness } from '../support/harness.ts';
import { entryOf, somebody } from '../support/identity/people.ts';

let harness: Harness;
let ops: Custody;
let auditor: Custody;
beforeAll(async () => {
  const { skey } = await signingKey();
  const people = { ops: await somebody('ops'), eve: await somebody('eve') };
  const principals = { ...entryOf(people.ops, ['operator']), ...entryOf(people.eve, ['auditor']) };
  harness = await Harness.start({
    profile: { proof: { resume: false } },
    config: { evidence: EVIDENCE, identity: { principals: 'principals.yaml' } },
    files: { 'evidence.key': skey as never, 'principals.yaml': { principals } },
  });
  ops = harness.custody.as('ops', { key: people.ops.file });
  auditor = harness.custody.as('eve', { key: people.eve.file });
});
afterAll(() => harness?.stop());

const BIG = 100_000;

/** A session that made one call with an argument above 64 KiB, and ended. */
async function ended(text = `secret ${Math.random()}`): Promise<{ readonly id: string; readonly ref: Ref }> {
  const id = await harness.running();
  const value = { text: text.padEnd(BIG, '.') };
  await harness.custody.session(id).call('journal.append', value, { callId: 'one' });
  const ref = await harness.custody.payloads.put(value);
  await harness.custody.session(id).complete({ reason: 'done' });
  await harness.until(id, ({ state }) => state === 'COMPLETED');
  return { id, ref };
}

const valueFile = ({ sha256 }: Ref): string => join(process.env['CUSTODY_STORE']!, sha256.slice(0, 2), sha256);
const keyFile = (id: string): string => join(harness.dir, 'keys', 'default', 'sessions', `${id}.key`);
const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
/** All values were put long ago. */
async function age(): Promise<void> {
  const { dir } = new ValueFolder(process.env['CUSTODY_STORE']!);
  for await (const { sha256 } of new ValueFolder(dir).list())
    await utimes(join(dir, sha256.slice(0, 2), sha256), new Date(0), new Date(0));
}
const isInTemporal = (id: string): Promise<boolean> =>
  harness.custody.temporal.workflow
    .getHandle(id)
    .describe()
    .then(
      () => true,
      () => false,
    );
const out = (): Promise<string> => mkdtemp(join(harness.dir, 'bundle-'));
const config = (): string => join(harness.dir, 'custody.yaml');

describe('A6: the contents of a session are erased', () => {
  test('with its key, values and history; that, by whom and why is on record, and the proofs hold', async () => {
    const { id, ref } = await ended();
    const { size } = await harness.custody.evidence.seal(id);
    await age();
    const { record, erased } = await ops.evidence.erase(id, { reason: 'request 117' });
    expect(record).toBe(size);
    expect(erased).toMatchObject({ values: expect.arrayContaining([ref.sha256]), kept: [] });
    expect(await isThere(valueFile(ref))).toBe(false);
    expect(await isThere(keyFile(id))).toBe(false);
    expect(JSON.parse(await readFile(`${keyFile(id)}.erased`, 'utf8'))).toMatchObject({
      act: 'erase',
      order: { actor: 'ops', reason: 'request 117' },
    });
    await eventually(async () => !(await isInTemporal(id)), 'Temporal has it no more');
    const { isSound, counts, findings, log, opened } = await verified(harness, id);
    expect({ isSound, counts, opened }).toEqual({ isSound: true, counts: { ERASED: 1, UNWITNESSED: 1 }, opened: 0 });
    expect(log?.size).toBe(size + 1);
    const told = findings.find(({ code }) => code === 'ERASED')!;
    expect(told).toMatchObject({ seq: size });
    expect(told.why).toMatch(/^by "ops" \("ops"\) on 20.*: "request 117"$/);
  });

  test('and its bundle can be taken out as before, without a key', async () => {
    const { id } = await ended();
    await ops.evidence.erase(id, { reason: 'request 118' });
    const folder = await out();
    const taken = await takeBundle(harness.custody, id, { out: folder, config: config(), withheld: false });
    expect(taken).toMatchObject({ isErased: true, sealed: { isWhole: true } });
    const { isSound, counts } = await verifyAt(folder, await trustOf({ trust: [taken.key] }));
    expect({ isSound, counts }).toEqual({ isSound: true, counts: { ERASED: 1, UNWITNESSED: 1 } });
  });

  test('by a repeat of the order as well, which does what the first one left and adds no record', async () => {
    const { id } = await ended();
    const first = await ops.evidence.erase(id, { reason: 'once', keepHistory: true });
    const again = await ops.evidence.erase(id, { reason: 'again' });
    expect(again.record).toBe(first.record);
    await eventually(async () => !(await isInTemporal(id)), 'Temporal has it no more');
  });

  test('but not a value that another session has in its history', async () => {
    const text = `shared ${Math.random()}`;
    const [{ id, ref }, other] = [await ended(text), await ended(text)];
    expect(other.ref.sha256).toBe(ref.sha256);
    await age();
    const { erased } = await ops.evidence.erase(id, { reason: 'request 119' });
    expect(erased).toMatchObject({ values: [], kept: expect.arrayContaining([ref.sha256]) });
    expect(await isThere(valueFile(ref))).toBe(true);
  });

  test('but not a value that somebody put moments ago', async () => {
    const { id, ref } = await ended();
    const { erased } = await ops.evidence.erase(id, { reason: 'soon' });
    expect(erased).toMatchObject({ values: [], kept: expect.arrayContaining([ref.sha256]) });
    expect(await isThere(valueFile(ref))).toBe(true);
  });
});

describe('A6, A5: the contents of a session are not erased', () => {
  test('for a name that is only claimed, nor for somebody without the role', async () => {
    const { id } = await ended();
    const { evidence } = harness.custody.as('ops');
    await expect(evidence.erase(id, { reason: 'x' })).rejects.toMatchObject({ code: 'PROOF_MISSING' });
    await expect(auditor.evidence.erase(id, { reason: 'x' })).rejects.toMatchObject({ code: 'ROLE_MISSING' });
    await expect(ops.evidence.hold(id, { reason: 'x' })).rejects.toMatchObject({ code: 'ROLE_MISSING' });
    expect(await isThere(keyFile(id))).toBe(true);
  });

  test('while it is open', async () => {
    const id = await harness.running();
    await expect(ops.evidence.erase(id, { reason: 'x' })).rejects.toMatchObject({ code: 'EVIDENCE_OPEN' });
    await harness.custody.session(id).cancel({ reason: 'enough' });
  });

  test('of which neither Temporal nor the archive knows', async () => {
    await expect(ops.evidence.erase('nobody', { reason: 'x' })).rejects.toMatchObject({ code: 'EVIDENCE_MISSING' });
    expect(await isThere(keyFile('nobody'))).toBe(false);
  });

  test('under legal hold, until it is released; both are on record', async () => {
    const { id } = await ended();
    await auditor.evidence.hold(id, { reason: 'case 4711' });
    await expect(ops.evidence.erase(id, { reason: 'x', early: true })).rejects.toMatchObject({
      code: 'EVIDENCE_HELD',
      message: expect.stringContaining('case 4711'),
    });
    const [held] = (await dueSessions({ config: config(), namespace: 'default' })).filter(
      (each) => each.session === id,
    );
    expect(held).toMatchObject({ hold: { by: 'eve', reason: 'case 4711' }, isErased: false });
    expect(held?.endedAt).not.toBeNull();
    const { isSound, counts, opened, derived, log } = await verified(harness, id);
    expect({ isSound, counts, opened }).toEqual({ isSound: true, counts: { UNWITNESSED: 1 }, opened: log?.size });
    expect(derived).toBe(log!.size - 1);
    await auditor.evidence.release(id, { reason: 'case 4711 is closed' });
    await ops.evidence.erase(id, { reason: 'now' });
    await expect(auditor.evidence.hold(id, { reason: 'late' })).rejects.toMatchObject({ code: 'EVIDENCE_ERASED' });
  });

  test('a session that is held goes on, and is sealed on from where it was', async () => {
    const id = await harness.running();
    await auditor.evidence.hold(id, { reason: 'case 12' });
    await harness.custody.session(id).call('journal.append', { text: 'more' }, { callId: 'more' });
    await harness.custody.session(id).complete({ reason: 'done' });
    await harness.until(id, ({ state }) => state === 'COMPLETED');
    const { size, isWhole } = await harness.custody.evidence.seal(id);
    const { isSound, counts, derived } = await verified(harness, id);
    expect({ isSound, counts, isWhole, derived }).toEqual({
      isSound: true,
      counts: { UNWITNESSED: 1 },
      isWhole: true,
      derived: size - 1,
    });
  });
});
