import { isObject, type Json } from '../values/json.ts';
import type { AttemptOutcome, CallProgress, Intent } from './call.ts';

/** Levels of log messages (RFC 5424), from the least to the most severe. */
export const LOG_LEVELS = ['debug', 'info', 'notice', 'warning', 'error', 'critical', 'alert', 'emergency'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export const isLogLevel = (value: unknown): value is LogLevel => LOG_LEVELS.some((level) => level === value);

/** Is a message of this level told to who wants it from `least` on? */
export const isTold = (level: LogLevel, least: LogLevel): boolean =>
  LOG_LEVELS.indexOf(level) >= LOG_LEVELS.indexOf(least);

/** What a caller wants to hear while its call runs. It tells no call from another, and is no evidence. */
export interface Hears {
  /** How far the server is with it. */
  readonly progress?: true;
  /** Log messages from this level on. */
  readonly level?: LogLevel;
  /** Which of these resources of the server change. */
  readonly uris?: readonly string[];
}

/** Resources that a caller can subscribe to, and UTF-16 code units of a URI of theirs. */
export const SUBSCRIPTIONS = { most: 64, uri: 2000 };

/** What a server logs in a call. Its words, not to be trusted. */
export interface CallLog {
  readonly level: LogLevel;
  readonly logger?: string;
  readonly data: Json;
}

/** One word of a server. @property n counts within an attempt, from 1 on: those that are missing were left out */
export type SaidEntry = { readonly n: number } & SaidWord;

/** How far the server is, what it logs, or the URI of a resource that changed. */
export type SaidWord = { readonly progress: CallProgress } | { readonly log: CallLog } | { readonly updated: string };

/** The last that a server said in an attempt of a call, oldest first. */
export interface Said {
  readonly callId: string;
  readonly server: string;
  readonly attempt: number;
  readonly last: readonly SaidEntry[];
}

/** An intent, and what the caller wants to hear meanwhile: no part of what is called, and not on record. */
export type AttemptOrder = Intent & { readonly hears?: Hears };

/** An outcome, and what the server said last: that is passed on, and neither kept nor on record. */
export type AttemptReport = AttemptOutcome & { readonly said?: Said };

/** How far somebody has heard. */
export interface Heard {
  readonly attempt: number;
  readonly n: number;
}

/** What stands in a command; what is none is taken for absent. */
export function hearsIn(value: unknown): Hears | undefined {
  if (!isObject(value)) return undefined;
  const { progress, level, uris } = value;
  const hears = {
    ...(progress === true ? ({ progress: true } as const) : {}),
    ...(isLogLevel(level) ? { level } : {}),
    ...(isUris(uris) && uris.length > 0 ? { uris } : {}),
  };
  return Object.keys(hears).length > 0 ? hears : undefined;
}

const isUris = (value: unknown): value is readonly string[] =>
  Array.isArray(value) &&
  value.length <= SUBSCRIPTIONS.most &&
  value.every((uri) => typeof uri === 'string' && uri.length <= SUBSCRIPTIONS.uri);

/** What stands in a heartbeat or beside an answer; undefined where that is nothing. */
export const saidIn = (value: unknown): Said | undefined =>
  isObject(value) && typeof value.callId === 'string' && typeof value.attempt === 'number' && Array.isArray(value.last)
    ? (value as unknown as Said)
    : undefined;
