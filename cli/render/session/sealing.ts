import type { Sealing } from '../../../client/evidence/sealing.ts';
import { counted } from '../../../protocol/values/text.ts';
import { printable } from '../../io/printable.ts';
import { mark } from '../style.ts';
import type { Advice } from './advice.ts';
import { shellWord } from '../../io/shell.ts';

/** How far a session is sealed, as facts of `custody show`; none where nobody seals. */
export function sealingFacts(sealing: Sealing | null): [string, string][] {
  if (!sealing) return [];
  const { sealed, unsealed } = sealing;
  const size = sealed?.size ?? 0;
  const at = sealed ? ` at ${iso(sealed.at)}` : '';
  const far = size === 0 ? 'nothing yet' : `${counted(size, 'record')}${at}`;
  if (unsealed)
    return [['sealed', `${mark('warn', 'not to its end')}: ${far}; then ${said(unsealed.code, unsealed.message)}`]];
  const since = sealed?.failing;
  const failing = since ? `; since ${iso(since.since)} ${said(since.code, since.message)}` : '';
  const unlisted = sealed?.unlisted;
  const listed = unlisted ? `; not in the log of the namespace: ${said(unlisted.code, unlisted.message)}` : '';
  return [['sealed', `${sealed?.isWhole ? `all of it, ${far}` : far}${failing}${listed}`]];
}

/** What to do for one that is over and not sealed to its end. */
export const sealingAdvice = (id: string, sealing: Sealing | null): readonly Advice[] =>
  sealing?.unsealed
    ? [
        {
          what: 'What the session did last is not sealed. Have it sealed while Temporal has its history:',
          commands: [`custody audit seal ${shellWord(id)} --out ${shellWord(`${id}.evidence`)}`],
        },
      ]
    : [];

const said = (code: string, message: string): string => `${code}: ${printable(message)}`;
const iso = (at: number): string => new Date(at).toISOString();
