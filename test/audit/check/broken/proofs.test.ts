import { areFound, type Case } from './cases.ts';
import { withValue } from '../edit.ts';

const PROOFS: readonly Case[] = [
  [
    'PROOF_MISSING',
    'who started it was not proven',
    'proofs',
    (runs) =>
      withValue(
        runs,
        (event) => Boolean(event.activityTaskCompletedEventAttributes),
        (loaded) => (loaded.starter.key = '0'.repeat(32)),
      ),
  ],
  [
    'PROOF_DIGEST',
    'a signed command says something else',
    'proofs',
    (runs) =>
      withValue(
        runs,
        (event) => event.workflowExecutionUpdateAcceptedEventAttributes?.acceptedRequest?.input?.name === 'resume',
        (input) => (input.acceptChanges = true),
      ),
  ],
];

areFound(PROOFS);
