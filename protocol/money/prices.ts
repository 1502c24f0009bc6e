import type { CallRequest } from '../calls/call.ts';
import { ceilDiv } from './divide.ts';
import type { Price } from './price.ts';
import { digestOf } from '../values/digest.ts';
import type { Json } from '../values/json.ts';
import { merged } from '../values/patterns.ts';

/** What a model costs: micro-USD for a million tokens. */
export interface TokenPrice {
  readonly input: number;
  readonly output: number;
}

/** What things cost, as the operator says it. */
export interface PriceBook {
  /** By `server.tool`, or by a beginning of it and `*`. */
  readonly calls: { readonly [pattern: string]: Price };
  /** By the name of the model, as agents record it. */
  readonly models: { readonly [model: string]: TokenPrice };
}

/** The prices of a session, as it pinned them. */
export interface PinnedBook extends PriceBook {
  /** SHA-256 of the RFC 8785 form of the whole book. */
  readonly hash: string;
}

/** SHA-256 of the RFC 8785 form of a book. */
export const bookHash = (book: PriceBook): string => digestOf(book as unknown as Json);

/** The part of a book that a session with these servers carries. @param hash of the whole book */
export function pinnedFor({ calls: all, models }: PriceBook, hash: string, servers: readonly string[]): PinnedBook {
  const isIts = (pattern: string): boolean => pattern === '*' || servers.some((each) => pattern.startsWith(`${each}.`));
  const calls = Object.fromEntries(Object.entries(all).filter(([pattern]) => isIts(pattern)));
  return { hash, calls, models };
}

/** What was used of what has a price. */
export interface Used {
  readonly ms: number;
  /** Bytes. */
  readonly in: number;
  /** Bytes. */
  readonly out: number;
}

/**
 * The price of a call: for each part that of the most exact pattern that sets it. What is no tool goes by its method,
 * as `files.resources/read`.
 */
export const priceOf = (
  { calls }: PriceBook,
  { server, tool, method }: Pick<CallRequest, 'server' | 'tool' | 'method'>,
): Price => merged(calls, `${server}.${method ?? tool}`);

const SECOND = 1000;
const KIB = 1024;
const MILLION = 1_000_000;

/** Micro-USD of one attempt that was sent; each part is rounded up. Never less for more. */
export const costOf = ({ call = 0, second = 0, kibIn = 0, kibOut = 0 }: Price, used: Used): number =>
  call + share(second, used.ms, SECOND) + share(kibIn, used.in, KIB) + share(kibOut, used.out, KIB);

/** Micro-USD of what a model took and gave. */
export const tokenCost = (price: TokenPrice, tokens: { readonly inputTokens: number; readonly outputTokens: number }) =>
  share(price.input, tokens.inputTokens, MILLION) + share(price.output, tokens.outputTokens, MILLION);

/** `price` for each `unit` of an amount, exactly, rounded up. */
function share(price: number, amount: number, unit: number): number {
  if (price === 0 || amount <= 0) return 0;
  const product = price * amount;
  if (Number.isSafeInteger(product)) return ceilDiv(product, unit);
  const whole = BigInt(price) * BigInt(amount);
  const each = BigInt(unit);
  return Number((whole + each - 1n) / each);
}
