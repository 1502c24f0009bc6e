import { entry } from './entry.ts';

/** What is wrong with the delivery of notices. */
export const NOTICES = {
  NOTICE_NOT_DELIVERED: entry(
    'The receiver of a notice cannot be reached, or did not take it.',
    'Nothing at once: it is sent again, for as long as `retryFor` of the destination says. `custody notices` says ' +
      'what waits and why.',
    503,
    true,
  ),
  NOTICE_REFUSED: entry(
    'The receiver of a notice refused it, and it is not sent again.',
    'See what the receiver says in the message; try it with `custody notices test`. The record is in the session.',
    422,
  ),
  NOTICE_ADDRESS_REFUSED: entry(
    'The receiver of a notice has an address that is not public.',
    'Where it is meant to be in a private network, write `allowPrivate: true` for the destination. Else find out who ' +
      'answers for its name.',
    403,
    true,
  ),
  NOTICE_UNUSABLE: entry(
    'The operator file has no such destination for notices, or its URL or secret cannot be used.',
    'Mend `notices.to` in custody.yaml, or what it refers to; `custody notices test` tries it.',
    400,
    true,
  ),
};
