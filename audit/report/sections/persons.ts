import { isObject } from '../../../protocol/values/json.ts';
import {
  all,
  counting,
  type Fact,
  figure,
  grouped,
  instant,
  isOf,
  type Known,
  msOf,
  ofKind,
  saying,
  whoOf,
} from '../facts.ts';
import type { Figure, Row, Section } from '../model.ts';
import { isDone } from '../money/clock.ts';

/** What persons were asked to approve, and who said what. */
export function approvals(known: readonly Known[]): Section {
  const facts = ofKind(all(known), 'approval-asked', 'approved', 'approval-ended') as readonly Fact[];
  const byId = grouped(facts, (fact) => `${fact.session} ${idIn(fact)}`);
  return {
    id: 'approvals',
    title: 'Approvals',
    note: 'Claimed: the name was given without a key. An approval that expired is a denial.',
    columns: ['Approval', 'Session', 'What', 'Asked by', 'Asked at', 'Approved by', 'Ended as', 'Ended by', 'Waited'],
    rows: [...byId.values()].flatMap((those) => approvalRow(those) ?? []),
  };
}

const idIn = ({ record }: Fact): string => String((record.data as { readonly approval?: unknown }).approval);

function approvalRow(facts: readonly Fact[]): Row | undefined {
  const asked = facts.find((fact) => isOf(fact, 'approval-asked'));
  if (!asked || !isOf(asked, 'approval-asked')) return undefined;
  const given = facts.filter((fact) => isOf(fact, 'approved'));
  const ended = ofKind(facts, 'approval-ended').at(-1);
  const end = ended ? [ended] : [];
  return {
    name: idIn(asked),
    figures: [
      saying(asked.session, [asked]),
      saying(asked.record.data.what, [asked]),
      saying(whoOf(asked), [asked]),
      instant(asked.record.at, [asked]),
      saying(given.map(whoOf).join(', '), [asked, ...given]),
      saying(ended ? ended.record.data.as : 'open', [asked, ...end]),
      saying(ended ? whoOf(ended) : null, [asked, ...end]),
      ended ? figure(Math.max(0, msOf(ended) - msOf(asked)), 'ms', [asked, ended]) : figure(null, 'ms', []),
    ],
  };
}

/** Reviews that were asked and done. */
export function reviews(known: readonly Known[]): Section {
  const facts = all(known);
  const done = ofKind(facts, 'reviewed');
  const ends = new Set(done.filter(isDone).map((fact) => `${fact.session} ${idIn(fact)}`));
  const void_ = new Set(ofKind(facts, 'approval-ended').map((fact) => `${fact.session} ${idIn(fact)}`));
  const open = ofKind(facts, 'review-asked').filter((fact) => {
    const key = `${fact.session} ${idIn(fact)}`;
    return !ends.has(key) && !void_.has(key);
  });
  return {
    id: 'reviews',
    title: 'Reviews',
    note: 'Each time that rules or a person looked, then those that are still to be done.',
    columns: ['Review', 'Session', 'Called for by', 'Verdict', 'By', 'At', 'Found'],
    rows: [
      ...done.map((fact): Row => {
        const { data, at } = fact.record;
        const found = 'rules' in data ? findingsIn(data.findings) : data.finding;
        const causes = Array.isArray(data.causes) ? data.causes.join(', ') : '';
        return row(fact, String(data.review), causes, String(data.verdict), at, found);
      }),
      ...open.map((fact): Row => {
        const { review, why, findings } = fact.record.data;
        const found = findingsIn(findings);
        return row(fact, String(review), why, 'open', null, found);
      }),
    ],
  };
}

const findingsIn = (findings: unknown): string =>
  (Array.isArray(findings) ? findings : []).map((each) => (isObject(each) ? String(each.text) : '')).join('; ');

function row(fact: Fact, name: string, why: string, verdict: string, at: string | null, found: unknown): Row {
  const say = (text: unknown): Figure => saying(text, [fact]);
  const by = at === null ? say(null) : say(whoOf(fact));
  return { name, figures: [say(fact.session), say(why), say(verdict), by, instant(at, [fact]), say(found)] };
}

/** Who asked for what, and whether they proved who they are. */
export function askers(known: readonly Known[]): Section {
  const facts = ofKind(
    all(known),
    'started',
    'command',
    'refused',
    'attached',
    'state-saved',
    'usage',
    'decision',
    'api-request',
  );
  const byName = grouped(facts as readonly Fact[], ({ record }) => record.by);
  return {
    id: 'askers',
    title: 'Who asked',
    note: 'Starts, commands and what agents recorded, those that were refused among them.',
    columns: ['Name', 'Proven', 'Claimed', 'Refused'],
    rows: [...byName].map(([name, those]) => ({
      name,
      figures: [
        counting(those.filter(({ record }) => record.standing === 'proven')),
        counting(those.filter(({ record }) => record.standing !== 'proven')),
        counting(ofKind(those, 'refused')),
      ],
    })),
  };
}

/** Checks of signatures. */
export function proofs(known: readonly Known[]): Section {
  const facts = ofKind(all(known), 'proof');
  const isGood = ({ record }: Fact): boolean => record.proof !== null;
  return {
    id: 'proofs',
    title: 'Proofs of identity',
    note: 'Signatures that a worker checked against the list of principals of its time.',
    columns: ['Result', 'Times'],
    rows: [
      { name: 'accepted', figures: [counting(facts.filter(isGood))] },
      { name: 'refused', figures: [counting(facts.filter((fact) => !isGood(fact)))] },
    ],
  };
}
