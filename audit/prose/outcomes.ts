import type { AttemptOutcome } from '../../protocol/calls/call.ts';
import { outsideOf } from '../../protocol/calls/result.ts';
import { isObject } from '../../protocol/values/json.ts';
import { shorten, sizeOf } from './shorten.ts';

/** How an attempt ended, in a line. */
export function outcomeText(outcome: AttemptOutcome): string {
  const { decision } = outcome;
  if (decision?.verdict === 'allow' && decision.rules.length > 0)
    return `${textOf(outcome)} (allowed by ${decision.rules.join(', ')})`;
  return textOf(outcome);
}

function textOf(outcome: AttemptOutcome): string {
  if (outcome.kind === 'input_required')
    return `${outcome.kind}: ${shorten(outcome.asks.forms.map(({ message }) => message).join(' / '), 200)}`;
  if (outcome.kind !== 'succeeded' && outcome.kind !== 'tool_error')
    return `${outcome.kind}: ${outcome.code}: ${shorten(outcome.message, 200)}`;
  const { result } = outcome;
  if ('raw' in result) return `${outcome.kind}: ${shorten(JSON.stringify(result.raw), 100)}`;
  if (!('content' in result))
    return (
      `${outcome.kind}, ` +
      `${sizeOf(outsideOf(result))}${'why' in result && result.why ? `, not kept: ${result.why.code}` : ''}`
    );
  const first = Array.isArray(result.content) ? (result.content[0] as unknown) : undefined;
  return `${outcome.kind}${isObject(first) && typeof first.text === 'string' ? `: ${shorten(first.text, 100)}` : ''}`;
}
