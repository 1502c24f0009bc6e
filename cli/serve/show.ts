import type { TokensFile } from '../../config/serve/tokens.ts';
import { table } from '../render/table.ts';
import { distance } from '../render/time.ts';

/** @param now epoch milliseconds */
export function showTokens(tokens: TokensFile['tokens'], now: number): string {
  const all = Object.entries(tokens);
  if (all.length === 0) return 'There is no API key yet: custody token new SUBJECT';
  return table(
    ['KEY', 'SUBJECT', 'ROLES', 'SESSIONS', 'VALID', 'NOTE'],
    all.map(([id, { subject, person, roles, session, labels, until, revoked, note = '' }]) => [
      id,
      person === undefined || person === subject ? subject : `${subject} (${person})`,
      roles.join(', '),
      session ?? (labels ? labelsInWords(labels) : roles.every((role) => role === 'agent') ? 'its own' : 'any'),
      revoked ? 'revoked' : until > now ? `ends ${distance(new Date(until).toISOString(), now)}` : 'expired',
      note,
    ]),
  );
}

const labelsInWords = (labels: { readonly [name: string]: string }): string =>
  `with ${Object.entries(labels)
    .map(([name, value]) => `${name}=${value}`)
    .join(', ')}`;
