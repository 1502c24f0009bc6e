import { CustodyError } from '../../protocol/errors.ts';
import { didYouMean, listed, quote } from '../../protocol/values/text.ts';
import type { OperatorConfig } from '../operator.ts';
import { resolveValue } from '../secrets.ts';
import { type DestinationConfig, problemOfUrl } from './schema.ts';

/** A receiver of notices, with its secrets as they are now. */
export interface Destination {
  readonly name: string;
  readonly format: DestinationConfig['format'];
  readonly url: string;
  /** What is sent is signed with: `whsec_` and base64. */
  readonly secret?: string;
  readonly allowPrivate: boolean;
}

/** Bytes of a key, as Standard Webhooks wants them. */
const KEY = { least: 24, most: 64 };

/**
 * A destination by its name in custody.yaml.
 *
 * @throws CustodyError NOTICE_UNUSABLE, SECRET_MISSING; none says what a secret is
 */
export async function destinationOf(
  { notices, dir }: Pick<OperatorConfig, 'notices' | 'dir'>,
  name: string,
): Promise<Destination> {
  const to = notices?.to ?? {};
  const config = Object.hasOwn(to, name) ? to[name] : undefined;
  if (!config) {
    const known = Object.keys(to);
    const has = known.length > 0 ? `has ${listed(known)}${didYouMean(name, known)}` : 'has none';
    throw unusable(`The operator file has no destination ${quote(name)} under notices; it ${has}.`);
  }
  const { format, allowPrivate } = config;
  const url = await resolveValue(config.url, dir);
  const problem = problemOfUrl(url, allowPrivate);
  if (problem !== undefined) throw unusable(`The URL of the destination ${quote(name)} ${problem}.`);
  const secret = config.secret && (await resolveValue(config.secret, dir));
  if (secret !== undefined && !isKey(secret))
    throw unusable(
      `The secret of the destination ${quote(name)} is no key: it must be whsec_ and ${KEY.least} to ${KEY.most} ` +
        'bytes in base64.',
    );
  return { name, format, url, allowPrivate, ...(secret === undefined ? {} : { secret }) };
}

/** What a receiver may repeat and nobody shall read: the key, and of the URL of a chat the path and its parts. */
export function secretsIn({ format, url, secret }: Destination): readonly string[] {
  if (format === 'cloudevents') return secret === undefined ? [] : [secret];
  const { pathname, search } = new URL(url);
  const parts = `${pathname}${search}`.split(/[/?&=]/).filter((part) => part.length >= SHORTEST_PART);
  return [url, `${pathname}${search}`, ...parts];
}

/** Shorter parts of a URL are words. */
const SHORTEST_PART = 9;

const unusable = (message: string): CustodyError => new CustodyError('NOTICE_UNUSABLE', message);

function isKey(secret: string): boolean {
  const text = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(secret)?.[1];
  const bytes = text === undefined ? 0 : Buffer.from(text, 'base64').length;
  return bytes >= KEY.least && bytes <= KEY.most && text?.length === Math.ceil(bytes / 3) * 4;
}
