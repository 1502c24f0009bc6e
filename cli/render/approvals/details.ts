import type { Effect } from '../../../protocol/calls/call.ts';
import { isRef, type Ref } from '../../../protocol/values/payload.ts';
import type { JsonObject } from '../../../protocol/values/json.ts';
import { whatIsAsked } from '../../../session/approvals/subject.ts';
import type { Shown } from '../../commands/approve/details.ts';
import { printable, printableJson, printableLines } from '../../io/printable.ts';
import { shellWord } from '../../io/shell.ts';
import { showPreview } from '../preview.ts';
import { bold, dim } from '../style.ts';
import { distance } from '../time.ts';
import { showChanges } from './changes.ts';
import { nameOf } from './list.ts';

const EFFECTS: { readonly [effect in Effect]: string } = {
  'read-only': 'read-only: it changes nothing',
  idempotent: 'idempotent: made twice, it has the effect of once',
  compensable: 'compensable: it can be undone afterwards',
  irreversible: 'irreversible: nothing undoes it',
};

/**
 * `custody approvals show` in words.
 *
 * @param where options that the commands in it need beside their own
 * @param edited arguments with which it would be approved instead
 */
export function showDetails(shown: Shown, where: string, edited?: JsonObject): string {
  const { call } = shown;
  const id = shellWord(nameOf(shown));
  const args = edited ?? (call && !isStored(call.args) ? call.args : undefined);
  return [
    head(shown),
    ...(call ? [`${bold('arguments')}\n${showArguments(call.args)}`] : []),
    ...(edited ? [`${bold('approved with these instead')}\n${printableJson(edited, 2)}`] : []),
    ...(call?.before && args ? [showChanges(call.before, args)] : []),
    ...(shown.rollback ? [showPreview(shown.rollback)] : []),
    ...shown.rules.map(showRule),
    [`$ custody approve ${id} --digest ${shown.digest}${where}`, `$ custody reject ${id} --reason "why"${where}`].join(
      '\n',
    ),
  ].join('\n\n');
}

function head(shown: Shown): string {
  const { subject, requester, standing, openedAt, expiresAt, votes, persons, why, call, digest } = shown;
  const facts: (readonly [string, string])[] = [
    ['wanted by', `${printable(requester)} (${standing}), who cannot approve it`],
    ['why', printable(why)],
    ['asked', `${openedAt}, ${distance(openedAt)}`],
    ['ends', `${expiresAt}, ${distance(expiresAt)}: ${EXPIRES[subject.kind]}`],
    ['votes', `${votes.length} of ${persons}`],
    ...votes.map(
      ({ actor, standing: how, reason, at }) =>
        ['', `${printable(actor)} (${how}) at ${at}: ${printable(reason)}`] as const,
    ),
    ...(call ? [['effect', EFFECTS[call.effect]] as const] : []),
    ...(subject.kind === 'call'
      ? toolFacts(subject, call?.description ?? null)
      : [['reason', printable(subject.reason)] as const]),
    ['digest', digest],
  ];
  return [
    bold(`${printable(nameOf(shown))}: ${printable(whatIsAsked(subject))}`),
    ...facts.map(([name, value]) => `  ${dim(name.padEnd(9))} ${value}`),
  ].join('\n');
}

const EXPIRES = {
  call: 'then it is denied, and whoever made the call is told',
  command: 'then nothing happens, and it has to be asked for again',
} as const;

function toolFacts(
  { server, tool, toolHash, set }: Extract<Shown['subject'], { kind: 'call' }>,
  description: string | null,
): readonly (readonly [string, string])[] {
  const says = description === null ? '' : `; it says of itself: ${printable(description)}`;
  const pinned = toolHash === '' ? '' : `, definition ${toolHash.slice(0, 16)}…`;
  return [
    ['tool', `${printable(server)}.${printable(tool)}${pinned}${says}`],
    ['rules', `${set.slice(0, 16)}…, the set as the session has it`],
  ];
}

const isStored = (args: object): args is { readonly ref: Ref } =>
  Object.keys(args).length === 1 && 'ref' in args && isRef(args.ref);

function showArguments(args: NonNullable<Shown['call']>['args']): string {
  if (!isStored(args)) return printableJson(args, 2);
  const { bytes, sha256, preview } = args.ref;
  return `${printable(preview)}\n… ${bytes} bytes in a payload store that is not here, SHA-256 ${printable(sha256)}`;
}

const showRule = ({ id, place, text }: Shown['rules'][number]): string => {
  const title = bold(`rule ${printable(id)}`);
  return text === null
    ? `${title}\n  its text is not in the history`
    : `${title} ${dim(place ?? '')}\n${printableLines(text)}`;
};
