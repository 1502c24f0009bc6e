import { shorten, sizeOf } from '../../../audit/prose/shorten.ts';
import { nameOf } from '../../../protocol/calls/call.ts';
import { isRef } from '../../../protocol/values/payload.ts';
import type { RecentCall } from '../../../client/index.ts';

/** Characters of the arguments of one call that are shown. */
const SHOWN = 300;

/** What a call was asked, in one line; '' where that is not at hand. */
export function argumentsOf({ asked }: RecentCall): string {
  if (!asked) return '';
  return isRef(asked.args) ? sizeOf(asked.args) : shorten(JSON.stringify(asked.args), SHOWN);
}

/** A call that was made before, in one line: what it did, and how it ended. */
export function recentInWords(call: RecentCall): string {
  const { callId, outcome, undone, endedAt } = call;
  const what = [nameOf(call), argumentsOf(call)].join(' ').trim();
  const stands = outcome === 'in_doubt' ? 'in doubt, people look into it' : (outcome ?? 'without an answer yet');
  const when = endedAt === undefined ? '' : ` at ${endedAt}`;
  return `- ${callId}: ${what}: ${stands}${when}${undone ? ', and undone since' : ''}`;
}
