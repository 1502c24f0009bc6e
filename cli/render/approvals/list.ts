import type { AllApprovals, SessionApproval } from '../../../client/index.ts';
import { whatIsAsked } from '../../../session/approvals/subject.ts';
import { table } from '../table.ts';
import { distance } from '../time.ts';

/** An approval as commands take it. */
export const nameOf = ({ session, id }: Pick<SessionApproval, 'session' | 'id'>): string => `${session}/${id}`;

/**
 * `custody approvals` in words.
 *
 * @param where options that the commands in it need beside their own; undefined names no command
 */
export function showApprovals({ approvals, unanswered }: AllApprovals, where?: string): string {
  if (approvals.length === 0)
    return unanswered.length === 0 ? 'Nothing waits for approval.' : 'Nothing is known to wait for approval.';
  const rows = approvals.map((each) => [
    nameOf(each),
    whatIsAsked(each.subject),
    `${each.requester} (${each.standing})`,
    distance(each.openedAt),
    distance(each.expiresAt),
    `${each.votes.length} of ${each.persons}`,
    each.why,
  ]);
  return [
    table(['APPROVAL', 'WHAT', 'FOR', 'ASKED', 'ENDS', 'VOTES', 'WHY'], rows),
    ...(where === undefined ? [] : ['', `  $ custody approvals show APPROVAL${where}`]),
  ].join('\n');
}
