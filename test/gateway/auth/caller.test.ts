import { describe, expect, test } from 'vitest';
import { type Caller, mayKnow } from '../../../gateway/auth/caller.ts';
import { PRINCIPAL, principalOf } from '../../../protocol/identity/principal.ts';

const ann: Caller = { issuer: 'custody', subject: 'ann', person: 'ann', token: 'k1', roles: ['agent'] };
const abroad: Caller = { ...ann, issuer: 'https://login.example', person: 'https://login.example#ann' };
const markOf = ({ issuer, subject }: Caller): string => `${PRINCIPAL}=${principalOf(issuer, subject)}`;
const by = (startedBy: string | null, ...labels: string[]) => ({ startedBy, labels });

describe('G4: whose a session is', () => {
  test('an agent knows of those that were started for its subject, or under its name without a token', () => {
    expect(mayKnow(ann, 's', by('ann'))).toBe(true);
    expect(mayKnow(ann, 's', by('ann', markOf(ann)))).toBe(true);
    expect(mayKnow(ann, 's', by('bob'))).toBe(false);
    expect(mayKnow(ann, 's', by(null))).toBe(false);
    // A fork that an operator made of hers.
    expect(mayKnow(ann, 's', by('operator', markOf(ann)))).toBe(true);
  });

  test('the same name of another issuer is somebody else', () => {
    expect(mayKnow(abroad, 's', by('ann'))).toBe(false);
    expect(mayKnow(abroad, 's', by('ann', markOf(ann)))).toBe(false);
    expect(mayKnow(ann, 's', by('ann', markOf(abroad)))).toBe(false);
    expect(mayKnow(abroad, 's', by('ann', markOf(abroad)))).toBe(true);
    expect(principalOf('a', 'b,c')).not.toBe(principalOf('a,b', 'c'));
  });

  test.each(['operator', 'approver', 'auditor'] as const)('a role of %s knows of all', (role) => {
    expect(mayKnow({ ...ann, roles: ['agent', role] }, 's', by('bob'))).toBe(true);
  });

  test('a token with labels knows of those that bear them all, whatever its roles are', () => {
    const labels = { team: 'blue', stage: 'test' };
    for (const roles of [['agent'], ['operator']] as const) {
      expect(mayKnow({ ...ann, roles, labels }, 's', by('bob', 'stage=test', 'team=blue'))).toBe(true);
      expect(mayKnow({ ...ann, roles, labels }, 's', by('ann', 'team=blue'))).toBe(false);
    }
  });

  test('a token that is bound to a session knows of that one alone', () => {
    expect(mayKnow({ ...ann, session: 's' }, 's', by('bob'))).toBe(true);
    expect(mayKnow({ ...ann, roles: ['operator'], session: 's' }, 't', by('ann'))).toBe(false);
  });

  test('a token of nobody with a role knows of none', () => {
    expect(mayKnow({ ...ann, roles: [] }, 's', by('bob'))).toBe(false);
  });
});
