import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { verify } from '../../../activities/identity/verify.ts';
import { principalsIn } from '../../../config/principals.ts';
import { readValue } from '../../../config/document/value.ts';
import { readOrder } from '../../../protocol/evidence/orders.ts';
import { parseCommand } from '../../../protocol/commands.ts';
import type { PrincipalList } from '../../../protocol/identity/principals.ts';
import type { ProofCheck } from '../../../protocol/identity/proof.ts';
import type { JsonObject } from '../../../protocol/values/json.ts';
import type { Vouched } from '../../../protocol/identity/standing.ts';
import { checkOf } from '../../../session/identity/rules.ts';
import { entryOf, type Somebody, somebody } from '../../support/identity/people.ts';

const NOW = Date.parse('2026-06-01T00:00:00Z');
const PLACE = { namespace: 'default', session: 'session-1' };

let ann: Somebody;
let bob: Somebody;
beforeAll(async () => {
  ann = await somebody('ann');
  bob = await somebody('bob');
});

const listOf = (principals: object): PrincipalList => principalsIn(readValue({ principals }, 'principals'));
const both = (): PrincipalList =>
  listOf({ ...entryOf(ann, ['operator'], { person: 'ann.smith' }), ...entryOf(bob, ['auditor']) });

/** What a session would ask, of a command as it came. */
function checkIn(act: 'extend' | 'saveState', input: object): ProofCheck {
  const parsed = parseCommand(act, input, 'fallback');
  if (!parsed.ok || !parsed.command.by.proof) throw new Error(parsed.ok ? 'no proof' : parsed.problem);
  return checkOf(act, parsed.command.by, parsed.command.by.proof);
}

function signed(
  who: Somebody,
  fields: JsonObject = {},
  place = PLACE,
  vouched?: Vouched,
): JsonObject & { proof: object } {
  const input = { actor: who.name, commandId: 'c1', reason: 'because', by: '1h', ...fields };
  const { actor, commandId } = input as { actor: string; commandId: string };
  const proof = who.signer.prove({ ...place, act: 'extend', commandId, actor }, input, vouched);
  return { ...input, proof: { ...proof } as unknown as JsonObject };
}

const codeOf = (input: object, list = both(), place = PLACE): string => {
  const verdict = verify(list, checkIn('extend', input), place, NOW);
  return verdict.ok ? 'ok' : verdict.refusal.code;
};

describe('A5: a signature', () => {
  test('that fits gives the person, the roles, the key and the list', () => {
    const list = both();
    expect(verify(list, checkIn('extend', signed(ann)), PLACE, NOW)).toEqual({
      ok: true,
      proven: { person: 'ann.smith', roles: ['operator'], key: ann.id, list: list.hash },
    });
  });

  test('of another session, another namespace or another command is worth nothing', () => {
    const input = signed(ann);
    expect(codeOf(input, both(), { ...PLACE, session: 'session-2' })).toBe('PROOF_INVALID');
    expect(codeOf(input, both(), { ...PLACE, namespace: 'other' })).toBe('PROOF_INVALID');
    const asState = { ...input, state: 1 };
    expect(verify(both(), checkIn('saveState', asState), PLACE, NOW)).toMatchObject({
      ok: false,
      refusal: { code: 'PROOF_INVALID' },
    });
  });

  test('by an unknown, a revoked, an expired or a future key, or for another name, is refused by code', async () => {
    const nobody = await somebody('ann');
    const only = (ofKey: object) => listOf(entryOf(ann, ['operator'], {}, ofKey));
    expect(codeOf(signed(nobody))).toBe('KEY_UNKNOWN');
    expect(codeOf(signed(ann), only({ revoked: true }))).toBe('KEY_REVOKED');
    expect(codeOf(signed(ann), only({ until: '2026-06-01T00:00:00Z' }))).toBe('KEY_EXPIRED');
    expect(codeOf(signed(ann), only({ until: '2026-06-01T00:00:01Z' }))).toBe('ok');
    expect(codeOf(signed(ann), only({ from: '2026-06-02' }))).toBe('KEY_EXPIRED');
    expect(codeOf(signed({ ...bob, name: 'ann' }))).toBe('ACTOR_MISMATCH');
  });

  test('that another key made under this key’s id is worth nothing', () => {
    const input = signed(bob, { actor: 'ann' });
    expect(codeOf({ ...input, proof: { ...input.proof, key: ann.id } })).toBe('PROOF_INVALID');
  });
});

test('A5: any change of any signed field makes the proof fail', () => {
  const json = fc.jsonValue({ maxDepth: 3 });
  fc.assert(
    fc.property(
      fc.constantFrom('actor', 'reason', 'commandId', 'by', 'key', 'at', 'signature', 'more'),
      fc.string({ minLength: 1, maxLength: 20 }),
      fc.integer({ min: 0, max: 2 ** 40 }),
      fc.nat({ max: 127 }),
      json,
      (field, text, number, place, value) => {
        const input = signed(ann, { more: { deep: [1, 'two', null] } });
        const proof = input.proof as { key: string; at: number; signature: string };
        const flipped = [...proof.signature];
        flipped[place] = flipped[place] === '0' ? '1' : '0';
        const changed = {
          ...input,
          ...(field === 'actor' || field === 'reason' || field === 'commandId' ? { [field]: text } : {}),
          ...(field === 'by' ? { by: `${(number % 1000) + 1}m` } : {}),
          ...(field === 'more' ? { more: value } : {}),
          proof: {
            ...proof,
            ...(field === 'key' ? { key: bob.id } : {}),
            ...(field === 'at' ? { at: number } : {}),
            ...(field === 'signature' ? { signature: flipped.join('') } : {}),
          },
        };
        fc.pre(JSON.stringify(changed) !== JSON.stringify(input));
        const parsed = parseCommand('extend', changed, 'fallback');
        if (!parsed.ok) return; // What cannot be read is refused before.
        expect(codeOf(changed)).toMatch(/^(PROOF_INVALID|ACTOR_MISMATCH)$/);
        expect(codeOf(input)).toBe('ok');
      },
    ),
    { numRuns: 500 },
  );
});

test('A5: a field that is added, left out or moved makes the proof fail; the order of fields does not', () => {
  const { proof, ...fields } = signed(ann);
  const { reason, ...rest } = fields as { reason: string };
  expect(codeOf({ proof, ...fields })).toBe('ok');
  expect(codeOf({ ...rest, reason, proof })).toBe('ok');
  expect(codeOf({ ...fields, proof, extra: null })).toBe('PROOF_INVALID');
  expect(codeOf({ ...rest, proof })).toBe('PROOF_INVALID');
  expect(codeOf({ ...rest, because: reason, proof })).toBe('PROOF_INVALID');
});

test('A5: a proof without an actor or a command id, or of what cannot be signed, is malformed', () => {
  const { proof, ...fields } = signed(ann);
  const { actor: _, ...nobody } = fields as { actor: string };
  const { commandId: __, ...anyhow } = fields as { commandId: string };
  for (const input of [
    { ...nobody, proof },
    { ...anyhow, proof },
    { ...fields, reason: '\ud800', proof },
  ])
    expect(parseCommand('extend', input, 'x')).toMatchObject({
      ok: false,
      problem: expect.stringContaining("'proof'"),
    });
  expect(parseCommand('extend', { ...fields, proof: { key: 'K' } }, 'x')).toMatchObject({ ok: false });
});

describe('A5, G4: a gateway that signs for whoever showed it a token', () => {
  const vouched: Vouched = {
    issuer: 'custody',
    token: '0123456789abcdef',
    person: 'ann.smith',
    roles: ['operator', 'agent'],
  };
  const list = (more: object = { vouches: true }): PrincipalList =>
    listOf({ ...entryOf(ann, ['operator'], { person: 'ann.smith' }), ...entryOf(bob, ['operator', 'approver'], more) });
  const input = (said: Vouched = vouched) => signed(bob, { actor: 'desk-bot' }, PLACE, said);

  test('proves the subject, by its person and token, with the roles that both have', () => {
    const proven = {
      person: 'ann.smith',
      roles: ['operator'],
      key: bob.id,
      list: list().hash,
    };
    expect(verify(list(), checkIn('extend', input()), PLACE, NOW)).toEqual({ ok: true, proven });
  });

  test('is believed only where the list lets it vouch', () => {
    expect(codeOf(input(), list({}))).toBe('ACTOR_MISMATCH');
    expect(codeOf(signed(bob, { actor: 'desk-bot' }), list())).toBe('ACTOR_MISMATCH');
    expect(list().hash).not.toBe(list({}).hash);
  });

  test('signs no order about evidence for anybody', () => {
    const order = { act: 'erase', actor: 'desk-bot', reason: 'asked for', commandId: 'c1' };
    const { proof } = input() as { proof: { vouched: Vouched } };
    const { vouched: _, ...own } = proof;
    expect(readOrder({ ...order, proof: own }).problems).toBeUndefined();
    expect(readOrder({ ...order, proof }).problems?.map(({ path }) => path)).toEqual([['proof', 'vouched']]);
  });

  test.each<Partial<Vouched>>([
    { issuer: 'https://other.example' },
    { token: 'fedcba9876543210' },
    { person: 'bob' },
    { roles: ['operator', 'approver'] },
  ])('signs what it vouches for: %j instead is worth nothing', (other) => {
    const { proof, ...fields } = input();
    const forged = { ...proof, vouched: { ...vouched, ...other } };
    expect(codeOf({ ...fields, proof: forged }, list())).toBe('PROOF_INVALID');
    const { vouched: _, ...without } = proof as { vouched?: Vouched };
    expect(codeOf({ ...fields, proof: without }, list())).toBe('PROOF_INVALID');
  });
});
