import type { Principal, PrincipalList } from '../protocol/identity/principals.ts';
import { digestOf } from '../protocol/values/digest.ts';
import type { Json } from '../protocol/values/json.ts';
import { checkDocument } from './document/check-document.ts';
import type { Document } from './document/document.ts';
import { readFileDocument } from './document/file.ts';
import { located, problemsError } from './document/problems.ts';
import { keyIdOf } from './public-key.ts';
import { principalsProblems, principalsSchema, type WrittenPrincipal } from './schema/principals.ts';

/**
 * The list of principals in a YAML or JSON file.
 * @throws CustodyError PRINCIPALS_INVALID with every problem, its line and column
 */
export const loadPrincipals = async (path: string): Promise<PrincipalList> =>
  principalsIn(await readFileDocument(path));

/** The same in a text that was read. */
export function principalsIn(document: Document): PrincipalList {
  const checked = checkDocument(document, principalsSchema, principalsProblems);
  if (checked.problems) throw problemsError('PRINCIPALS_INVALID', located(document, checked.problems));
  const principals = Object.fromEntries(
    Object.entries(checked.value.principals).map(([name, written]) => [name, completed(name, written)]),
  );
  return { hash: digestOf(principals as unknown as Json), principals };
}

const completed = (name: string, { person = name, roles, keys, vouches }: WrittenPrincipal): Principal => ({
  person,
  roles,
  ...(vouches ? { vouches } : {}),
  keys: keys.map(({ key, from = null, until = null, revoked = false }) => ({
    id: keyIdOf(key),
    publicKey: key,
    from,
    until,
    revoked,
  })),
});
