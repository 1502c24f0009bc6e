import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { principalsIn } from '../../config/principals.ts';
import { readDocument } from '../../config/document/document.ts';
import { OUTSIDE_COMMANDS } from '../../protocol/commands.ts';
import { SIGNATURE_AGE, SIGNATURE_AHEAD } from '../../protocol/identity/proof.ts';
import { ACTS } from '../../protocol/identity/roles.ts';

const docs = readFileSync('docs/identity.md', 'utf8');

test('A5: docs/identity.md says who may do what, and what needs a proof, as the code does', () => {
  const rows = [...docs.matchAll(/^\| `(\w+)` \| ([a-z, ]+) \| (by default|by profile|never) \|$/gm)];
  const said = rows.map(([, act = '', roles = '', proof]) => [act, { roles: roles.split(', '), proof }]);
  const word = (proof: boolean | null) => (proof === null ? 'never' : proof ? 'by default' : 'by profile');
  const known = Object.entries(ACTS).map(([act, { roles, proof }]) => [act, { roles: [...roles], proof: word(proof) }]);
  expect(said).toEqual(known);
  for (const command of OUTSIDE_COMMANDS) expect(Object.keys(ACTS)).toContain(command);
});

test('A5: its list of principals loads, and its ids and bounds are those of the code', () => {
  const [, text = ''] = /```yaml\n(principals:[\s\S]*?)```/.exec(docs) ?? [];
  const { principals } = principalsIn(readDocument(text, 'principals.yaml'));
  expect(Object.keys(principals)).toEqual(['ann', 'deploy-bot']);
  expect(docs).toContain(`# ${principals.ann?.keys[0]?.id}`);
  expect(docs).toContain(
    `up to ${SIGNATURE_AGE / 60_000} minutes after it was made, and up to ${SIGNATURE_AHEAD / 60_000}`,
  );
});
