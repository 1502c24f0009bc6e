import type { Refusal } from '../../../protocol/errors.ts';
import type { SessionView } from '../../../protocol/view.ts';

/** Why no call is taken any more, with how the session ended; undefined while it lives. */
export function endedRefusal({ id, outcome, code, reason }: SessionView): Refusal | undefined {
  if (outcome === null) return undefined;
  const why = [code, reason].filter((each) => each !== null && each !== '').join(': ');
  return { code: 'SESSION_ENDED', message: `The session ${id} has ended as ${outcome}${why ? ` (${why})` : ''}.` };
}
