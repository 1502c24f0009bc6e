import { request } from 'undici';
import { Webhook } from 'standardwebhooks';
import { CustodyError } from '../../protocol/errors.ts';
import type { Message } from './told.ts';
import { agentTo, type Lookup } from './connect.ts';

/** Milliseconds that a receiver may take, and bytes that are read of what it says. */
const TIMEOUT = 20_000;
const SAID = 4096;
/** Characters of that which are shown. */
const SHOWN = 100;
/** Statuses of the class of 4xx that pass by themselves. */
const PASSING: ReadonlySet<number> = new Set([408, 425, 429]);
/** The longest that a receiver can have itself left alone, in seconds. */
const MOST_LATER = 3600;

/** A receiver, with its secrets. */
export interface Receiver {
  readonly url: string;
  /** `whsec_…`; what is sent is signed with it. */
  readonly secret?: string;
  readonly allowPrivate: boolean;
  /** Blots its secrets out of what it says. */
  readonly redact: (text: string) => string;
}

/** What became of one try: `retryAfter`, in seconds, where the receiver asks for time. */
export type Sent = { readonly status: number } | { readonly error: CustodyError; readonly retryAfter?: number };

/**
 * Sends a message once. Follows no redirect, and reads no more of the answer than an error message needs. Never throws
 * for what a receiver does: `NOTICE_REFUSED` is final, anything else may pass.
 */
export async function send(receiver: Receiver, message: Message, resolve?: Lookup): Promise<Sent> {
  const { url, secret, allowPrivate, redact } = receiver;
  const agent = agentTo(allowPrivate, resolve);
  try {
    const {
      statusCode: status,
      headers,
      body,
    } = await request(url, {
      method: 'POST',
      dispatcher: agent,
      headers: { 'content-type': message.type, 'user-agent': 'custody', ...signed(message, secret) },
      body: message.body,
      signal: AbortSignal.timeout(TIMEOUT),
    });
    // It is given up before its end, which it takes for an error.
    body.on('error', () => undefined);
    if (status >= 200 && status < 300) return { status };
    const said = redact(await begun(body).catch(() => '')).slice(0, SHOWN);
    const text = `It answered ${status}${said === '' ? '' : `: ${said}`}.`;
    const isFinal = status >= 400 && status < 500 && !PASSING.has(status);
    const retryAfter = secondsIn(headers['retry-after']);
    return {
      error: new CustodyError(isFinal ? 'NOTICE_REFUSED' : 'NOTICE_NOT_DELIVERED', text),
      ...(retryAfter === undefined || isFinal ? {} : { retryAfter }),
    };
  } catch (error) {
    return { error: knownIn(error, redact) };
  } finally {
    await agent.destroy();
  }
}

/** Headers of Standard Webhooks; none where nothing is signed. */
function signed({ id, body }: Message, secret: string | undefined): Record<string, string> {
  if (secret === undefined) return {};
  const now = new Date();
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
    'webhook-signature': new Webhook(secret).sign(id, now, body),
  };
}

/** The beginning of what it says, on one line. */
async function begun(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    if ((bytes += chunk.length) >= SAID) break;
  }
  const text = Buffer.concat(chunks).subarray(0, SAID).toString('utf8');
  return text.replace(/\s+/g, ' ').trim();
}

function secondsIn(header: string | string[] | undefined): number | undefined {
  const seconds = typeof header === 'string' && /^\d{1,9}$/.test(header) ? Number(header) : undefined;
  return seconds === undefined ? undefined : Math.min(seconds, MOST_LATER);
}

/** What went wrong on the way; undici hides it behind others. */
function knownIn(error: unknown, redact: Receiver['redact']): CustodyError {
  const reasons: string[] = [];
  for (let each = error; each instanceof Error && reasons.length < 4; each = each.cause) {
    if (each instanceof CustodyError) return each;
    reasons.push(each.message || String((each as NodeJS.ErrnoException).code ?? each.name));
  }
  const why = reasons.join(': ') || String(error);
  return new CustodyError('NOTICE_NOT_DELIVERED', `It cannot be reached: ${redact(why)}.`);
}
