/** What Custody must do, one line each, by id. A test that shows a line cites its id in its title. */
export interface Requirement {
  readonly text: string;
  /** Its part is finished: a test must cite it. */
  readonly finished?: true;
}

export const REQUIREMENTS: Readonly<Record<string, Requirement>> = {
  L1: {
    text: 'A session is one chain of runs in one of a few states; what is not a transition is refused, on record.',
    finished: true,
  },
  L2: {
    text: 'INIT pins servers, tools and configuration, or fails before any tool ran; what differs later is refused.',
    finished: true,
  },
  L3: {
    text: 'Commands work as plain signals and as updates that answer, carry who and why, and may be repeated.',
    finished: true,
  },
  L4: {
    text: 'A pause has a cause, starts no new call, and lets those under way end or cancels them.',
    finished: true,
  },
  L5: { text: 'A resume opens the servers again and compares them with what was pinned.', finished: true },
  L6: {
    text: 'No kill of any process loses state or an accepted command; restarts are recorded and handled.',
    finished: true,
  },
  L7: { text: 'A rollback undoes side effects in reverse order, and names what it cannot undo.', finished: true },
  L8: { text: 'Sessions of any length work at the same cost for each call.', finished: true },
  L9: { text: 'A session can be forked from a checkpoint without resetting what was spent.', finished: true },
  L10: { text: 'An agent that restarts finds its state and its calls again.', finished: true },
  L11: { text: 'What the buttons of the Temporal UI do is covered, cancel and terminate included.', finished: true },
  T1: { text: 'The timeout of a session is durable, over pauses, restarts and runs.', finished: true },
  T2: {
    text: 'Before the deadline comes a warning, then what the profile says, grace, TIMEOUT; extensions are bounded.',
    finished: true,
  },
  T3: {
    text: 'Idle sessions and slow tools time out; a pause can end by itself when its cause is gone.',
    finished: true,
  },
  T4: { text: 'Calls, bytes, calls at once and identical calls in a row are limited.', finished: true },
  E1: {
    text: 'Calls reach MCP servers over stdio and HTTP, in three protocol revisions, with secrets by reference.',
    finished: true,
  },
  E2: {
    text: 'Each attempt is in history before it is sent and after it ended, in doubt where its end is not known.',
    finished: true,
  },
  E3: {
    text: 'The effect class of a tool decides what is tried again; a call in doubt is for a person.',
    finished: true,
  },
  E4: { text: 'A call id is one call: its key is stable, a repeat gets the first answer.', finished: true },
  E5: { text: 'Progress, cancellation, structured and large results are carried.' },
  E6: { text: 'Sessions are driven by a plan or by outside callers.', finished: true },
  E7: { text: 'Agents record what Custody cannot see.', finished: true },
  E8: { text: 'What a server asks of the client is answered, parked or refused.', finished: true },
  P1: { text: 'Policy as code decides on each call; an error of it is a deny.' },
  P2: { text: 'Each decision is on record with its rules, and rules can be tried against the past.' },
  P3: { text: 'Approvals are bound, used once, and expire.' },
  P4: { text: 'Reviews are due and done before a session ends.', finished: true },
  P5: { text: 'Incidents are raised for changed tools, secrets and runaway agents.', finished: true },
  P6: { text: 'No call reaches a server around the policy step.' },
  C1: { text: 'Every cost is counted in whole micro-USD.', finished: true },
  C2: { text: 'Money is reserved before a call and settled after it.', finished: true },
  C3: { text: 'Cost alerts act at thresholds.', finished: true },
  C4: { text: 'What delays cost is measured.', finished: true },
  A1: { text: 'The workflow history is the audit trail.' },
  A2: { text: 'Records stand in three layers, numbered without gaps.' },
  A3: { text: 'Completeness can be checked.' },
  A4: { text: 'Evidence is exported sealed, and verified offline by public tools.' },
  A5: { text: 'The actor of a command is proven.' },
  A6: { text: 'Payloads are encrypted, personal data can be erased.' },
  A7: { text: 'Reports cite their records.' },
  A8: { text: 'Traces, metrics and security events are emitted in public formats.' },
  G1: { text: 'Any MCP client is governed by changing a URL or a command.' },
  G2: { text: 'The gateway passes the conformance suite.' },
  G3: { text: 'Approvals reach clients in the way they can take.' },
  G4: { text: 'There is an HTTP API with roles.' },
  U1: {
    text: 'Two commands on a fresh machine run demo and tests, on servers that they started themselves.',
    finished: true,
  },
  U2: { text: 'SDK, CLI and the Temporal UI show and steer sessions in words.', finished: true },
  U3: { text: 'A compose stack runs it all and scales by workers.' },
  U4: { text: 'Every error says what happened, why and what to do; bad input never loses a session.', finished: true },
  U5: { text: 'Retention of the namespace is long enough, or warned of.' },
};
