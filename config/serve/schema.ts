import * as z from 'zod/mini';
import { pattern, wholeNumber } from '../../protocol/fields.ts';
import type { Schema } from '../../protocol/values/check.ts';

/** Who may use `custody serve`, and from where. */
export interface GatewayConfig {
  /** The file of API keys that `custody token` writes; a path as written. */
  readonly tokens: string;
  /** Under which clients reach it: its origin. Absent where only this machine does. */
  readonly url?: string;
  /** Origins of web pages that may ask, beside that of `url` and those of this machine. */
  readonly origins: readonly string[];
  /** Calls and other requests of one token in one session, in a minute. */
  readonly requestsPerMinute: number;
}

/** More than a session gets through. */
const REQUESTS = 6000;

const origin = z
  .string()
  .check(z.refine(isOrigin, 'must be an origin, such as "https://custody.example", and no more'));

export const gatewaySchema: Schema<GatewayConfig> = z.strictObject({
  tokens: pattern(/^[^\0]+$/, 'the path of a file'),
  url: z.exactOptional(origin),
  origins: z._default(z.array(origin), []),
  requestsPerMinute: z._default(wholeNumber(1, 1_000_000), REQUESTS),
});

function isOrigin(text: string): boolean {
  try {
    return /^https?:/.test(text) && new URL(text).origin === text;
  } catch {
    return false;
  }
}
