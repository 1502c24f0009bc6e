import { type DelayCause, DELAYS } from '../../../protocol/money/delays.ts';
import type { Layer } from '../../../protocol/records.ts';
import { ENDS } from '../calls.ts';
import { type Fact, isOf, type Known, msOf, ofKind } from '../facts.ts';

/** A time in which a session stood one way. */
export interface Span {
  readonly from: number;
  readonly to: number;
  readonly layers: readonly Layer[];
  /** What it waited for. */
  readonly waits: DelayCause | null;
  /** A delay whose review was due while it worked on. */
  readonly checks: DelayCause | null;
}

/** How a session spent its time, and the records that say so. */
export interface Clock {
  readonly spans: readonly Span[];
  readonly facts: readonly Fact[];
}

const KINDS = ['started', 'transition', 'review-due', 'reviewed', 'check-due', 'checked', 'rollback-begun'] as const;

/** Until its last record, where it has not ended. */
export function clockOf({ facts }: Known): Clock {
  const said = ofKind(facts, ...KINDS);
  const last = facts.at(-1);
  const turns: readonly Fact[] = last && said.at(-1)?.place !== last.place ? [...said, last] : said;
  const spans: Span[] = [];
  let now: Stands = { name: 'INIT', cause: null, due: [] };
  let since: number | undefined;
  for (const fact of turns) {
    const at = msOf(fact);
    if (since !== undefined && at > since && !ENDS.has(now.name)) spans.push({ from: since, to: at, ...atWork(now) });
    if (!Number.isNaN(at)) since = Math.max(at, since ?? at);
    now = after(now, fact);
  }
  return { spans, facts: turns };
}

interface Stands {
  readonly name: string;
  /** Of the pause, kept while it resumes. */
  readonly cause: string | null;
  /** What calls for a review or a check. */
  readonly due: readonly string[];
}

function after(now: Stands, fact: Fact): Stands {
  if (isOf(fact, 'transition')) {
    const { to, cause } = fact.record.data;
    return { ...now, name: String(to), cause: to === 'RESUMING' ? now.cause : (cause ?? null) };
  }
  if (isOf(fact, 'review-due')) return { ...now, due: [...now.due, String(fact.record.data.cause)] };
  if (isOf(fact, 'check-due')) return { ...now, due: [...now.due, String(fact.record.data.duty)] };
  if (isOf(fact, 'checked')) return { ...now, due: [] };
  if (isOf(fact, 'reviewed') && isDone(fact)) {
    const { causes } = fact.record.data;
    const done: readonly unknown[] = Array.isArray(causes) ? causes : [];
    return { ...now, due: now.due.filter((cause) => !done.includes(cause)) };
  }
  return now;
}

/** One that many persons do is done with the last of them, or with an objection. */
export function isDone({ record: { data } }: Fact<'reviewed'>): boolean {
  return 'rules' in data || data.verdict === 'objection' || data.votes >= data.persons;
}

function atWork({ name, cause, due }: Stands): Omit<Span, 'from' | 'to'> {
  const executes = name === 'RUNNING' || name === 'RESUMING' || name === 'ROLLBACK';
  const layers: Layer[] = ['session'];
  if (executes) layers.push('execution');
  if (name === 'AUDIT' || due.length > 0) layers.push('compliance');
  const waits = name === 'ROLLBACK' ? 'rollback' : delayOf(name === 'PAUSED' || name === 'RESUMING' ? cause : null);
  return { layers, waits, checks: waits === null ? (DELAYS.find((each) => due.includes(each)) ?? null) : null };
}

const delayOf = (cause: string | null): DelayCause | null =>
  cause === 'timeout' || cause === 'restart' ? cause : null;
