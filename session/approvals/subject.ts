import type { Approval } from '../../protocol/calls/approvals.ts';
import { usdText } from '../../protocol/money/usd.ts';
import { formatDuration } from '../../protocol/values/duration.ts';

/** What an approval is for, in words. */
export function whatIsAsked(subject: Approval['subject']): string {
  if (subject.kind === 'review') return `${subject.review} review`;
  if (subject.kind === 'call') return `${subject.server}.${subject.tool} (${subject.callId})`;
  const { command } = subject;
  switch (command.type) {
    case 'extend':
      return `extend by ${formatDuration(command.ms)}`;
    case 'rollback':
      return `roll back to ${command.to ?? 'the start'}`;
    case 'resolve':
      return `resolve ${command.callId} as ${command.as}`;
    case 'topUp':
      return `top up by ${usdText(command.microUsd)}`;
    default:
      return command satisfies never;
  }
}
