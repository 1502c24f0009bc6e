import * as z from 'zod/mini';
import { aName, wholeNumber } from '../fields.ts';
import { type AuditRecord, LAYERS } from '../records.ts';
import { check } from '../values/check.ts';
import { type Frozen, isObject } from '../values/json.ts';
import { NOTICE_KINDS, type NoticeKind } from './kinds.ts';

/** A record of a session that is sent to those who shall know of it. */
export type Notice = AuditRecord & {
  /** Of a session that was reset in Temporal, whose numbers stand in another history, too: when. */
  readonly resetAt?: number;
};

/** What a notice tells apart from every other of its session, over all tries to deliver it. */
export const keyOf = ({ n, resetAt }: Pick<Notice, 'n' | 'resetAt'>): string =>
  resetAt === undefined ? `${n}` : `${n}-reset-${resetAt}`;

/**
 * The id under which a notice is sent, each time that it is: `SESSION/n`. Characters that separate the parts of what is
 * signed are escaped in the name of the session, and so is what no header may have.
 */
export const noticeId = (session: string, notice: Pick<Notice, 'n' | 'resetAt'>): string =>
  `${encodeURIComponent(session.toWellFormed()).replaceAll('.', '%2E')}/${keyOf(notice)}`;

/** Names of the destinations that a notice can have. */
export const MOST_DESTINATIONS = 10;

/** The longest that a notice can be tried, in milliseconds. */
const MOST_RETRY = 14 * 24 * 60 * 60 * 1000;

/** Epoch milliseconds, of which a date can be made. */
export const anInstant = wholeNumber(0, 8.64e15);

/** Notices that one word of a session has. */
export const MOST_AT_ONCE = 50;

const about = z.object({
  /** `ID@VERSION`. */
  agent: z.string(),
  profile: z.string(),
  labels: z.record(z.string(), z.string()),
});

/** What a receiver is told of the session itself. */
export type About = Frozen<z.infer<typeof about>>;

const wanted = z.object({ kinds: z.array(z.enum(NOTICE_KINDS)), retryFor: wholeNumber(0, MOST_RETRY) });

const record = z.object({
  n: wholeNumber(1),
  at: anInstant,
  layer: z.enum(LAYERS),
  kind: z.string(),
  data: z.custom(isObject),
  by: z.exactOptional(z.string()),
  resetAt: z.exactOptional(wholeNumber(0)),
});

const passedOn = z.object({
  about,
  notices: z.array(record).check(z.maxLength(MOST_AT_ONCE)),
  to: z
    .record(aName, wanted)
    .check(z.refine((to) => Object.keys(to).length <= MOST_DESTINATIONS, 'names too many destinations')),
});

/** What one destination wants. */
export interface Wanted {
  readonly kinds: readonly NoticeKind[];
  /** Milliseconds in which it is tried. */
  readonly retryFor: number;
}

/** Notices that a session passes on, with where they shall go: by the operator's file as it is then. */
export interface PassedOn {
  readonly about: About;
  readonly notices: readonly Notice[];
  readonly to: { readonly [name: string]: Wanted };
}

/** Undefined for anything else: without a deployment key anybody can send it. */
export const parsePassedOn = (input: unknown): PassedOn | undefined =>
  check(passedOn, input).value as PassedOn | undefined;
