import { defineSearchAttributeKey } from '@temporalio/common';

/** The search attributes of a session: what lists and filters in the Temporal UI and CLI are made of. */
export const SEARCH_ATTRIBUTES = {
  state: defineSearchAttributeKey('CustodyState', 'KEYWORD'),
  /** Why it is paused, or the code with which it ended. */
  cause: defineSearchAttributeKey('CustodyCause', 'KEYWORD'),
  agent: defineSearchAttributeKey('CustodyAgent', 'KEYWORD'),
  profile: defineSearchAttributeKey('CustodyProfile', 'KEYWORD'),
  deadline: defineSearchAttributeKey('CustodyDeadline', 'DATETIME'),
  /** How many calls wait for `custody resolve`. */
  inDoubt: defineSearchAttributeKey('CustodyInDoubt', 'INT'),
  /** What somebody has to do for it to go on, see `Pending`. */
  pending: defineSearchAttributeKey('CustodyPending', 'KEYWORD_LIST'),
  /** `name=value` each. */
  labels: defineSearchAttributeKey('CustodyLabels', 'KEYWORD_LIST'),
  /** The actor. */
  startedBy: defineSearchAttributeKey('CustodyStartedBy', 'KEYWORD'),
  /** Of the session; StartTime is that of its last run. */
  startedAt: defineSearchAttributeKey('CustodyStartedAt', 'DATETIME'),
};
