import { request } from 'undici';
import { CustodyError } from '../../../protocol/errors.ts';
import { quote } from '../../../protocol/values/text.ts';

/** Milliseconds that a witness may take, all in all. */
const TIMEOUT = 20_000;

/** Statuses of the class of 4xx that pass by themselves. */
const PASSING: ReadonlySet<number> = new Set([408, 425, 429]);

export interface Question {
  readonly type: string;
  readonly body: Uint8Array;
  /** Bytes of an answer that are taken. */
  readonly most: number;
  /** Further statuses that are answers. */
  readonly statuses?: readonly number[];
}

export interface Answer {
  readonly status: number;
  /** The media type, without its parameters. */
  readonly type: string;
  readonly body: Uint8Array;
}

/**
 * Asks a witness once. Follows no redirect.
 *
 * @param url from the file of the operator
 * @throws CustodyError WITNESS_UNAVAILABLE for what may pass; WITNESS_REFUSED for a no, or for more than is taken
 */
export async function post(url: string, { type, body, most, statuses = [] }: Question): Promise<Answer> {
  const { host } = new URL(url);
  try {
    const answer = await request(url, {
      method: 'POST',
      headers: { 'content-type': type, 'user-agent': 'custody' },
      body,
      signal: AbortSignal.timeout(TIMEOUT),
    });
    const { statusCode: status, headers } = answer;
    const said = await readUpTo(answer.body, most, host);
    if (status !== 200 && !statuses.includes(status)) throw refused(host, status, said);
    return {
      status,
      type: String(headers['content-type'] ?? '')
        .split(';', 1)[0]!
        .trim()
        .toLowerCase(),
      body: said,
    };
  } catch (error) {
    if (error instanceof CustodyError) throw error;
    const { message, code } = error as NodeJS.ErrnoException;
    throw new CustodyError('WITNESS_UNAVAILABLE', `The witness ${host} cannot be reached: ${message || code}.`, {
      cause: error,
    });
  }
}

async function readUpTo(body: AsyncIterable<Uint8Array>, most: number, host: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    if ((bytes += chunk.length) > most)
      throw new CustodyError('WITNESS_REFUSED', `The witness ${host} sends more than the ${most} bytes that are read.`);
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks, bytes));
}

function refused(host: string, status: number, said: Uint8Array): CustodyError {
  const text = Buffer.from(said.subarray(0, 200)).toString('utf8').trim();
  const isFinal = status >= 300 && status < 500 && !PASSING.has(status);
  return new CustodyError(
    isFinal ? 'WITNESS_REFUSED' : 'WITNESS_UNAVAILABLE',
    `The witness ${host} answered ${status}${text === '' ? '' : `: ${quote(text)}`}.`,
  );
}
