import type { Explained } from '../../policy/explain.ts';
import { printable, printableJson, printableLines } from '../../io/printable.ts';
import { bold, mark } from '../style.ts';

/** `custody policy explain` in words. */
export const showExplained = (explained: readonly Explained[]): string => explained.map(showOne).join('\n\n');

function showOne({
  callId,
  attempt,
  call,
  at,
  ended,
  decision,
  set,
  default: otherwise,
  rules,
  asked,
  remarks,
}: Explained): string {
  const outcome = ended === null ? '' : `, ended ${ended}`;
  return [
    `${bold(printable(call))}  ${printable(callId)}, attempt ${attempt}, ${at}${outcome}`,
    `  ${decision ? verdictOf(decision, otherwise) : 'no decision is on record'}${bySet(set, decision)}`,
    ...(decision?.errors ?? []).map(
      ({ rule, message }) => `  ${mark('error')}  ${printable(rule || 'the rules')}: ${printable(message)}`,
    ),
    ...rules.flatMap(({ place: { file, line, col }, text, isOnTrial }) => [
      `  ${printable(`${file}:${line}:${col}`)}${isOnTrial ? '  on trial' : ''}`,
      ...printableLines(text)
        .split('\n')
        .map((each) => `    ${each}`),
    ]),
    ...(asked
      ? [
          '  asked with',
          ...printableJson(asked, 2)
            .split('\n')
            .map((each) => `    ${each}`),
        ]
      : []),
    ...remarks.map((each) => `  ${mark('warn')}  ${printable(each)}`),
  ].join('\n');
}

function verdictOf(
  { verdict, rules, trial, logOnly }: NonNullable<Explained['decision']>,
  otherwise: Explained['default'],
): string {
  const what = { allow: 'allowed', deny: 'denied', needs_approval: 'needs approval' }[verdict];
  const by =
    rules.length > 0 ? ` by ${rules.map(printable).join(', ')}` : otherwise === 'deny' ? ': no rule allows it' : '';
  const tried = trial
    ? `; with the rules on trial: ${trial.verdict}, by ${trial.rules.map(printable).join(', ') || 'no rule'}`
    : '';
  return `${mark(verdict === 'deny' ? 'refused' : 'succeeded', what)}${by}${logOnly ? ', on record only' : ''}${tried}`;
}

function bySet(set: string | null, decision: Explained['decision']): string {
  if (set === null) return '';
  return `  (rules ${set.slice(0, 12)}${decision ? `, ${printable(decision.engine)}` : ''})`;
}
