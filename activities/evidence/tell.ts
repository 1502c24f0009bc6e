import { isDue, type Listed } from '../../protocol/evidence/listed.ts';
import type { Sealed } from '../../protocol/evidence/sealed.ts';
import type { ActivityDeps } from '../deps.ts';
import { refusalOf } from './refusalOf.ts';

type Told = Pick<Sealed, 'unlisted'> & { readonly listed?: Listed };

/**
 * Tells the log of the namespace how far a session is sealed, where that is due. Answers what it was told, or why it
 * could not be. Never throws.
 */
export async function tell(
  { evidence }: Pick<ActivityDeps, 'evidence'>,
  session: string,
  { size, root, isWhole }: Pick<Sealed, 'size' | 'root' | 'isWhole'>,
  listed: Listed | undefined,
): Promise<Told> {
  const now = { size, at: Date.now(), isWhole };
  if (!isDue(now, listed)) return listed ? { listed } : {};
  const at = new Date(now.at).toISOString();
  try {
    await evidence.list([{ v: 1, kind: 'session', session, size, root, at, whole: isWhole }]);
    return { listed: now };
  } catch (error) {
    return { ...(listed && { listed }), unlisted: refusalOf(error) };
  }
}
