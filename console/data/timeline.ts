import type { Entry } from '../../client/index.ts';
import { isObject } from '../../protocol/values/json.ts';

/**
 * What a call did for a while. `tool`: its server had it. `people`: it waited for them. `wait`: it waited for anything
 * else, or rules looked at it and it was not sent.
 */
export interface Phase {
  readonly kind: 'tool' | 'people' | 'wait';
  /** Epoch milliseconds; `until` is null while it goes on. */
  readonly from: number;
  readonly until: number | null;
}

/** One call: what was asked, and how it went. */
export interface Row {
  readonly callId: string;
  /** `server.tool`, as the record says it. */
  readonly name: string;
  readonly from: number;
  readonly until: number | null;
  readonly phases: readonly Phase[];
  /** How its last attempt ended; null while it has not. */
  readonly outcome: string | null;
  readonly attempts: number;
  readonly entries: readonly Entry[];
}

/** Outcomes of attempts that were not sent. */
const UNSENT: ReadonlySet<string> = new Set(['denied', 'needs_approval', 'not_sent']);
/** Outcomes after which the call goes on, and with what. */
const NEXT: { readonly [outcome: string]: Phase['kind'] } = {
  needs_approval: 'people',
  input_required: 'people',
  unknown: 'wait',
  not_sent: 'wait',
};
/** Records that name their call at the beginning of their text. */
const NAMED: ReadonlySet<string> = new Set(['in-doubt', 'resolved', 'asks', 'responded', 'ask-withdrawn', 'denied']);

/** The calls of a log, in the order in which they began. */
export function rowsOf(entries: readonly Entry[]): readonly Row[] {
  const byCall = new Map<string, Entry[]>();
  for (const entry of entries) {
    const known = byCall.get(callOf(entry));
    if (known) known.push(entry);
    else if (entry.callId !== null) byCall.set(entry.callId, [entry]);
  }
  return [...byCall].map(([callId, of]) => rowOf(callId, of));
}

/** A call id has no spaces. */
const callOf = ({ callId, kind, text }: Entry): string =>
  callId ?? (NAMED.has(kind) ? (/^(\S+?):? /.exec(text)?.[1] ?? '') : '');

function rowOf(callId: string, entries: readonly Entry[]): Row {
  const phases: Phase[] = [];
  let open: Omit<Phase, 'until'> | undefined;
  let outcome: string | null = null;
  let attempts = 0;
  const turn = (at: number, next?: Phase['kind'], was = open?.kind): void => {
    if (open && was && at > open.from) phases.push({ kind: was, from: open.from, until: at });
    open = next && { kind: next, from: at };
  };
  for (const entry of entries) {
    const at = Date.parse(entry.at);
    if (entry.kind === 'attempt') {
      attempts += 1;
      outcome = null;
      turn(at, 'tool');
    } else if (entry.kind === 'outcome') {
      outcome = outcomeIn(entry);
      turn(at, NEXT[outcome], UNSENT.has(outcome) ? 'wait' : open?.kind);
    } else if (entry.kind === 'in-doubt') turn(at, 'people');
    else if (entry.kind === 'resolved') turn(at);
  }
  const from = Date.parse(entries[0]?.at ?? '');
  const until = open ? null : Date.parse(entries.at(-1)?.at ?? '');
  if (open) phases.push({ ...open, until: null });
  return { callId, name: nameIn(entries), from, until, phases, outcome, attempts, entries };
}

const outcomeIn = ({ data }: Entry): string =>
  isObject(data) && typeof data.kind === 'string' ? data.kind : 'succeeded';

/** The record of an attempt begins with the name of its tool. */
const nameIn = (entries: readonly Entry[]): string => {
  const attempt = entries.find(({ kind }) => kind === 'attempt') ?? entries[0];
  return /^[^\s(:]+/.exec(attempt?.text ?? '')?.[0] ?? '';
};

/** Where instants stand on an axis whose long gaps are folded, between 0 and 1. */
export interface Axis {
  readonly at: (instant: number) => number;
  /** Gaps that are folded: where they stand, and how long they are. */
  readonly folds: readonly { readonly at: number; readonly ms: number }[];
}

/** A gap in which nothing happens is folded to this part of all that happens. */
const FOLDED = 0.03;
/** Gaps longer than this part of all that happens, and than so many milliseconds, are folded. */
const LONG = 0.08;
const LEAST = 5000;

/** An axis over spans of time, in which nothing that happens is folded. */
export function axisOf(spans: readonly { readonly from: number; readonly until: number }[]): Axis {
  const sorted = spans.toSorted((a, b) => a.from - b.from);
  const busy: { from: number; until: number }[] = [];
  for (const { from, until } of sorted) {
    const last = busy.at(-1);
    if (last && from <= last.until) last.until = Math.max(last.until, until);
    else busy.push({ from, until: Math.max(from, until) });
  }
  const gaps = busy.slice(1).map(({ from }, index) => ({ from: busy[index]!.until, until: from }));
  const length = (of: readonly { from: number; until: number }[]): number =>
    of.reduce((sum, { from, until }) => sum + until - from, 0);
  const used = Math.max(length(busy), 1000);
  const isFolded = ({ from, until }: { from: number; until: number }): boolean =>
    until - from > Math.max(LEAST, LONG * used);
  const parts: { from: number; until: number; width: number; folded: boolean }[] = [];
  busy.forEach((each, index) => {
    parts.push({ ...each, width: each.until - each.from, folded: false });
    const gap = gaps[index];
    if (gap) {
      const folded = isFolded(gap);
      parts.push({ ...gap, width: folded ? FOLDED * used : gap.until - gap.from, folded });
    }
  });
  const total = Math.max(
    parts.reduce((sum, { width }) => sum + width, 0),
    1,
  );
  const at = (instant: number): number => {
    let before = 0;
    for (const { from, until, width } of parts) {
      if (instant < from) break;
      if (instant <= until) return (before + (until > from ? ((instant - from) / (until - from)) * width : 0)) / total;
      before += width;
    }
    return before / total;
  };
  const folds = parts.filter(({ folded }) => folded).map(({ from, until }) => ({ at: at(from), ms: until - from }));
  return { at, folds };
}
