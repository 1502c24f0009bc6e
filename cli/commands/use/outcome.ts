import type { SessionView } from '../../../protocol/view.ts';

/** Exit code 1 for a session that did not complete. */
export function exitByOutcome({ outcome }: SessionView): void {
  if (outcome !== 'COMPLETED') process.exitCode = 1;
}
