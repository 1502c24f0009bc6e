import { ROLES } from '../../../protocol/identity/standing.ts';
import { fieldsOf } from '../../../protocol/commands.ts';
import * as z from 'zod/mini';
import { aFlag } from '../fields.ts';
import { route } from '../route.ts';
import { ofSession, onlySeen } from '../seen.ts';

const AT = '/sessions/{id}/approvals/{approval}';

export const APPROVALS = [
  route({
    method: 'GET',
    path: '/approvals',
    who: ROLES,
    summary: 'what persons are asked to approve, oldest first',
    query: z.strictObject({ mine: z.optional(aFlag) }),
    answer: 'AllApprovals',
    async handle(asked) {
      const { approvals, unanswered } = await asked.custody.approvals(asked.query);
      return {
        approvals: await onlySeen(asked, approvals, ofSession),
        unanswered: await onlySeen(asked, unanswered, ofSession),
      };
    },
  }),
  route({
    method: 'GET',
    path: AT,
    who: ['approver', 'operator', 'auditor'],
    summary: 'all that is known of what persons are asked: arguments, rules, what would change',
    answer: 'ApprovalDetails',
    handle: ({ session, params: { approval = '' } }) => session.approvals.show(approval),
  }),
  route({
    method: 'POST',
    path: `${AT}/approve`,
    who: 'approve',
    summary: 'say yes to what is asked, as it was shown; to a call also with other arguments',
    body: fieldsOf('approve', ['approval']),
    answer: 'Accepted',
    handle: ({ session, params: { approval = '' }, body: { digest, args, reason }, key }) =>
      session.approvals.approve(approval, digest, { args, reason, commandId: key }),
  }),
  route({
    method: 'POST',
    path: `${AT}/reject`,
    who: 'reject',
    summary: 'say no to what is asked; the reason reaches who asked',
    body: fieldsOf('reject', ['approval']),
    answer: 'Accepted',
    handle: ({ session, params: { approval = '' }, body: { reason }, key }) =>
      session.approvals.reject(approval, { reason, commandId: key }),
  }),
];
