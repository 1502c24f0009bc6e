import type { ApprovalView, SessionView } from '../../../protocol/view.ts';
import { askedInWords } from './asked.ts';

export const isFor = ({ subject }: ApprovalView, callId: string): boolean =>
  subject.kind === 'call' && subject.callId === callId;

/** Why a call waits, in words. */
export function whyIn(view: SessionView, callId: string): string {
  const approval = view.approvals.find((each) => isFor(each, callId));
  if (approval) return `it needs the ${askedInWords(approval)}`;
  const call = view.openCalls.find((each) => each.callId === callId);
  const trouble = call?.trouble ? ` (${call.trouble.code}: ${call.trouble.message})` : '';
  const asks = call?.asks ? ` (its server asks a person: ${call.asks.map(({ message }) => message).join(' / ')})` : '';
  return (
    `it is ${call?.phase.replace('_', ' ') ?? 'not taken yet'}${trouble}${asks}, and the session is ` +
    `${view.state}${view.reason ? `: ${view.reason}` : ''}`
  );
}
