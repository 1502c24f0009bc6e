import { CHECKPOINT, TIMESTAMP } from '../seal/paths.ts';
import { bytesOf } from '../tlog/note/text.ts';
import { verifyNote } from '../tlog/note/verify.ts';
import { MOST } from './bundle.ts';
import { type Context, whyOf } from './context.ts';
import type { Files } from './files.ts';
import type { Signed } from './signatures.ts';

/** Who outside vouches for the checkpoint. */
export interface Witnessed {
  /** Names of witnesses that are trusted and have signed it, and when by their clocks: ISO 8601. */
  readonly by: readonly { readonly name: string; readonly at: string | null }[];
  /** When a time stamping authority that is trusted saw it: ISO 8601. */
  readonly at: string | null;
}

/** Has anybody outside seen the checkpoint, and when? */
export async function checkWitnesses(context: Context, { log, text }: Signed, files: Files): Promise<Witnessed> {
  const { trust, findings } = context;
  if (!log) return { by: [], at: null };
  const by = await cosigned(context);
  const least = trust.witnesses?.least ?? 0;
  if (by.length < least)
    findings.add('WITNESS_INVALID', `${by.length} of the ${least} witnesses that it needs signed it`);
  const at = await stamped(context, text, files);
  if (by.length === 0 && at === null) findings.add('UNWITNESSED', 'nobody outside vouches for the checkpoint');
  return { by, at };
}

async function cosigned({ bundle, trust, findings }: Context): Promise<Witnessed['by']> {
  const keys = trust.witnesses?.keys ?? [];
  if (keys.length === 0) return [];
  try {
    const note = await bundle.get(CHECKPOINT, MOST.note);
    const { verified } = note ? await verifyNote(note, [...trust.keys, ...keys], MOST.note) : { verified: [] };
    return verified
      .filter(({ verifier }) => keys.some(({ name, id }) => name === verifier.name && id === verifier.id))
      .map(({ verifier: { name }, time }) => ({
        name,
        at: time === null ? null : new Date(time * 1000).toISOString(),
      }));
  } catch (error) {
    findings.add('WITNESS_INVALID', whyOf(error), { path: CHECKPOINT });
    return [];
  }
}

async function stamped({ trust, findings }: Context, text: string, files: Files): Promise<string | null> {
  if (!trust.timestamp) return null;
  if (!files.listed.has(TIMESTAMP)) {
    findings.add('TIMESTAMP_ABSENT', `there is no file ${TIMESTAMP}`);
    return null;
  }
  try {
    const answer = await files.get(TIMESTAMP);
    return answer ? (await trust.timestamp(answer, bytesOf(text))).toISOString() : null;
  } catch (error) {
    findings.add('TIMESTAMP_INVALID', whyOf(error), { path: TIMESTAMP });
    return null;
  }
}
