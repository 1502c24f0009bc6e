import * as z from 'zod/mini';
import { addProblem, onObjects, pick, plainName } from '../../protocol/fields.ts';
import { NOTICE_KINDS, type NoticeKind } from '../../protocol/notices/kinds.ts';
import { MOST_DESTINATIONS } from '../../protocol/notices/notice.ts';
import { check, type Schema } from '../../protocol/values/check.ts';
import { isObject } from '../../protocol/values/json.ts';
import { secretReference, type SecretReference, type Value } from '../schema/server.ts';
import { duration } from '../schema/values.ts';

/** Where notices of sessions go. */
export interface NoticesConfig {
  /** To the log of the worker. */
  readonly log: boolean;
  readonly to: { readonly [name: string]: DestinationConfig };
}

/** A receiver of notices. References stay references: the URL of a chat is a secret. */
export type DestinationConfig = {
  readonly url: Value;
  /** Of all kinds where absent. */
  readonly kinds?: readonly NoticeKind[];
  /** It may have an address in a private network, and be without TLS. */
  readonly allowPrivate: boolean;
  /** Milliseconds. */
  readonly retryFor: number;
} & (
  | { readonly format: 'cloudevents'; readonly secret: SecretReference }
  | { readonly format: 'slack' | 'teams'; readonly secret?: never }
);

export const FORMATS = ['cloudevents', 'slack', 'teams'] as const;

const DAY = 24 * 60 * 60 * 1000;

const keys = z.strictObject({
  url: pick<Value>((given) =>
    typeof given === 'string' ? z.string() : isObject(given) ? secretReference : 'must be a URL, or where it is found',
  ),
  format: z._default(z.enum(FORMATS), 'cloudevents'),
  secret: z.exactOptional(secretReference),
  kinds: z.exactOptional(z.array(z.enum(NOTICE_KINDS)).check(z.minLength(1, 'is empty; leave it out for all kinds'))),
  allowPrivate: z._default(z.boolean(), false),
  retryFor: z._default(duration('1m', '14d'), 3 * DAY),
});

const destination = keys.check(
  z.superRefine(({ url, format, secret, allowPrivate }, ctx) => {
    const isSigned = format === undefined || format === 'cloudevents';
    if (isSigned && secret === undefined)
      addProblem(ctx, ['secret'], 'is missing; write { fromEnv: NAME } or { fromFile: PATH }: what is sent is signed');
    if (!isSigned && secret !== undefined)
      addProblem(ctx, ['secret'], `has no meaning for ${format}, where the URL is the secret; leave it out`, true);
    if (typeof url !== 'string') return;
    const problem = isSigned
      ? problemOfUrl(url, allowPrivate === true)
      : 'must be { fromEnv: NAME } or { fromFile: PATH }: whoever has the URL can write to the chat';
    if (problem !== undefined) addProblem(ctx, ['url'], problem);
  }, onObjects),
) as unknown as Schema<DestinationConfig>;

/** What stands under `notices` in custody.yaml. */
export const noticesSchema: Schema<NoticesConfig> = z
  .strictObject({ log: z._default(z.boolean(), false), to: z._default(z.record(z.string(), destination), {}) })
  .check(
    z.superRefine(({ log, to }, ctx) => {
      const names = isObject(to) ? Object.keys(to) : [];
      if (log !== true && names.length === 0) addProblem(ctx, [], 'says nothing; write log: true, or a destination');
      if (names.length > MOST_DESTINATIONS)
        addProblem(ctx, ['to'], `has ${names.length} destinations, and ${MOST_DESTINATIONS} is the most`);
      for (const name of names) {
        const [problem] = check(plainName(), name).problems ?? [];
        if (problem) addProblem(ctx, ['to', name], problem.message, true);
      }
    }, onObjects),
  ) as unknown as Schema<NoticesConfig>;

/** What is wrong with the URL of a receiver, which is never repeated: it may hold a secret. */
export function problemOfUrl(url: string, isPrivate: boolean): string | undefined {
  if (!URL.canParse(url)) return 'is not a URL; write it in full, such as "https://example.com/custody"';
  const { protocol, username, password } = new URL(url);
  if (protocol !== 'https:' && !(isPrivate && protocol === 'http:'))
    return 'must begin with https://; with allowPrivate: true it may begin with http://';
  return username || password ? 'holds credentials; leave them out' : undefined;
}
