import { LIMITS } from '../../protocol/limits.ts';
import type { Event } from '../events.ts';
import type { Session } from '../session.ts';
import { formatBytes } from '../../protocol/values/size.ts';
import { gain, weigh, weightOfCall } from './weight.ts';
import { type Decision, accept, refuse } from '../decision.ts';

/**
 * Takes something in that the session will carry, while it can: beyond `LIMITS.fullBytes` its next run could not begin
 *. The estimate is asked first, and the session is weighed only where that says no.
 */
export function takeIn(session: Session, event: Event): Decision {
  const more = gain(event);
  if (session.weight + more <= LIMITS.fullBytes) return accept(event);
  const bytes = weigh(session);
  if (bytes + more <= LIMITS.fullBytes) return accept({ type: 'weighed', bytes }, event);
  const open = session.open.reduce((sum, call) => sum + weightOfCall(call), 0);
  const carried = `${formatBytes(more)} more would come to the ${formatBytes(bytes)} that the session carries`;
  const full = `${carried}, and it can carry ${formatBytes(LIMITS.fullBytes)}`;
  return bytes - open + more <= LIMITS.fullBytes
    ? refuse('BACKLOG_FULL', `${full}; ${formatBytes(open)} of it are open calls.`)
    : refuse('SESSION_FULL', `${full}.`);
}
