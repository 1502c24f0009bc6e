import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkCompleteness } from '../../../cli/audit/check.ts';
import { type GivenRuns, runsOf } from '../../../cli/audit/given.ts';
import type { Completeness } from '../../../audit/check/check.ts';
import { Harness } from '../../support/harness.ts';
import { entryOf, somebody } from '../../support/identity/people.ts';
import { codesIn, findingsIn } from './recorded.ts';

let own: Harness;
let given: GivenRuns;
beforeAll(async () => {
  const [ann, eve, gateway] = [await somebody('ann'), await somebody('eve'), await somebody('gateway')];
  own = await Harness.start({
    config: { identity: { principals: 'principals.yaml' } },
    files: {
      'principals.yaml': {
        principals: {
          ...entryOf(ann, ['operator']),
          ...entryOf(eve, ['auditor']),
          ...entryOf(gateway, ['agent'], { vouches: true }),
        },
      },
      // The same names, and other keys.
      'others.yaml': { principals: { ...entryOf(await somebody('ann'), ['operator']) } },
    },
  });
  const operator = own.custody.as('ann', { key: ann.file });
  const { id } = await operator.start(own.spec(), { reason: 'the monthly report' });
  await own.until(id, ({ state }) => state === 'RUNNING');
  const refused = own.custody.as('eve', { key: eve.file }).session(id).extend(1000);
  await expect(refused).rejects.toMatchObject({ code: 'ROLE_MISSING' });
  await operator.session(id).pause({ reason: 'lunch' });
  await operator.session(id).resume({ reason: 'go on' });
  await own.until(id, ({ state }) => state === 'RUNNING');
  await own.custody.session(id).call('journal.append', { text: 'a' }, { callId: 'a' });
  const vouched = { issuer: 'custody', token: '0123456789abcdef', person: 'desk', roles: ['agent'] as const };
  await own.custody.as('gateway', { key: gateway.file }).for('desk-bot', vouched).session(id).attach();
  await operator.session(id).complete({ reason: 'done' });
  await operator.session(id).wait();
  given = await runsOf(own.custody, id);
});
afterAll(() => own?.stop());

const checked = (namespace: string, ...files: string[]): Promise<Completeness> =>
  checkCompleteness(given, own.custody.payloads, {
    namespace,
    principals: files.map((file) => join(own.dir, file)),
    replay: false,
  });

describe('A3, A5: signatures on record', () => {
  test('are checked again with the list of principals of then', async () => {
    const completeness = await checked('default', 'principals.yaml');
    expect(codesIn(completeness)).toEqual([]);
    expect(findingsIn(completeness).map(({ code }) => code)).not.toContain('SIGNATURE_NOT_CHECKED');
    const { counted } = completeness.checks.find(({ name }) => name === 'proofs')!;
    // Start, extend, pause, resume and complete, and an attach that a gateway signed.
    expect(counted).toMatchObject({ proofs: 6 });
  });

  test('are said to be unchecked without that list, or with another one', async () => {
    for (const files of [[], ['others.yaml']]) {
      const completeness = await checked('default', ...files);
      expect(codesIn(completeness)).toEqual([]);
      const notes = findingsIn(completeness).filter(({ code }) => code === 'SIGNATURE_NOT_CHECKED');
      expect(notes).toHaveLength(6);
    }
  });

  test('are none for another namespace: what was signed names its own', async () => {
    const codes = codesIn(await checked('other', 'principals.yaml'));
    expect(codes).toEqual(Array.from({ length: 6 }, () => 'SIGNATURE_INVALID'));
  });
});
