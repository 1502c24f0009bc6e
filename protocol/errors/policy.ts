import { entry } from './entry.ts';

/** What rules say, and what persons say who are asked. */
export const POLICY = {
  POLICY_DENIED: entry(
    'The rules of the session deny the call, and nothing was sent.',
    'Do what the message says, or something else; `custody policy explain` shows the rules that decided.',
    403,
  ),
  POLICY_INVALID: entry('The rules of a profile cannot be used.', 'Mend the lines that the message lists.', 400),
  POLICY_CASES_INVALID: entry(
    'The file of cases for rules cannot be used.',
    'Mend the lines that the message lists.',
    400,
  ),
  APPROVAL_NEEDED: entry(
    'The rules of the session want persons to approve the call first, and nothing was sent.',
    'Wait: somebody is asked. `custody approvals` lists what waits.',
    202,
    true,
  ),
  APPROVAL_REJECTED: entry(
    'Somebody who was asked to approve the call said no, and nothing was sent.',
    'Read the reason, and do what it says or something else.',
    403,
  ),
  APPROVAL_EXPIRED: entry(
    'Nobody approved the call in time, and nothing was sent.',
    'Ask the approvers, then make the call again if its effect is still wanted.',
    403,
  ),
  APPROVAL_EDITED: entry(
    'Who approved the call changed its arguments: it is made as another call.',
    'Take the answer of the call that the message names.',
    409,
  ),
  APPROVAL_NOT_FOUND: entry(
    'The session asks no such approval, and no such review.',
    'Look at what is asked with `custody approvals` and `custody reviews`.',
    404,
  ),
  APPROVAL_ENDED: entry(
    'The approval or review has ended: it is decided once, or has expired or was withdrawn.',
    'Look at what became of it with `custody approvals show` or `custody watch`.',
    409,
  ),
  APPROVAL_DIFFERS: entry(
    'The digest is not that of what is asked, so that something else was looked at.',
    'Look at it again with `custody approvals show`, and approve with the digest that stands there.',
    409,
  ),
  APPROVAL_OWN: entry(
    'Nobody approves what they asked for themselves, or reviews what they did.',
    'Let somebody else decide.',
    403,
  ),
  APPROVAL_TWICE: entry(
    'This person has approved or reviewed it already, and each counts once.',
    'Wait for the others who are asked.',
    409,
  ),
};
