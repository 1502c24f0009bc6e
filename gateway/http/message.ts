import { isJsonContentType } from '@modelcontextprotocol/server';
import { CustodyError } from '../../protocol/errors.ts';
import { isObject } from '../../protocol/values/json.ts';
import { takeIn } from '../mcp/intake.ts';
import { textIn } from './body.ts';
import { Refused } from './refusal.ts';

/** A message of a client that the SDK can read. */
export interface Message {
  readonly value: unknown;
  /** Undefined for a response. */
  readonly method: string | undefined;
  readonly params: unknown;
}

/**
 * The message in the body of a request, held to the same as one over stdio; or the answer to what cannot be read.
 *
 * @throws CustodyError REQUEST_REFUSED for a body of another kind
 */
export async function messageIn(request: Request): Promise<Message | Response> {
  if (!isJsonContentType(request.headers.get('content-type')))
    throw new Refused('Its Content-Type is not application/json.', 415);
  const taken = takeIn(await textIn(request));
  const [first] = taken;
  if (first === undefined) throw refused('Its body is empty.');
  if ('drop' in first) throw refused(first.drop);
  if ('reply' in first) {
    const replies = taken.flatMap((each) => ('reply' in each ? [each.reply] : []));
    const text = replies.length > 1 ? `[${replies.join(',')}]` : first.reply;
    return new Response(text, { status: 400, headers: { 'content-type': 'application/json' } });
  }
  const value: unknown = JSON.parse(first.pass);
  const { method, params } = isObject(value) ? value : {};
  return { value, method: typeof method === 'string' ? method : undefined, params };
}

const refused = (why: string): CustodyError => new CustodyError('REQUEST_REFUSED', why);
