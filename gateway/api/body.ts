import { isJsonContentType, readRequestBody } from '@modelcontextprotocol/server';
import { CustodyError } from '../../protocol/errors.ts';
import { LIMITS } from '../../protocol/limits.ts';
import { isObject, type JsonObject, MAX_DEPTH } from '../../protocol/values/json.ts';
import { alteredNumberIn, depthOf } from '../../protocol/values/numbers/exact.ts';
import { Refused } from '../http/refusal.ts';

/**
 * The JSON object in the body of a request; an empty one where there is no body.
 *
 * @throws CustodyError REQUEST_REFUSED for what is none, is too large or too deep, or has a number that would not keep
 *   its digits
 */
export async function bodyIn(request: Request): Promise<JsonObject> {
  const { headers } = request;
  if ((headers.get('content-encoding') ?? 'identity') !== 'identity') throw new Refused('Its body is compressed.', 415);
  const body = await readRequestBody(request, LIMITS.messageBytes).catch((error: Error) => {
    throw new Refused(`Its body did not come whole: ${error.message}`, 400);
  });
  if (body.tooLarge) throw new Refused(`Its body has more than ${LIMITS.messageBytes} bytes.`, 413);
  const text = body.text.replace(/^\uFEFF/, '');
  if (text.trim() === '') return {};
  if (!isJsonContentType(headers.get('content-type')))
    throw new Refused('Its Content-Type is not application/json.', 415);
  return objectIn(text);
}

function objectIn(text: string): JsonObject {
  const refused = (why: string) => new CustodyError('REQUEST_REFUSED', why);
  if (depthOf(text) > MAX_DEPTH) throw refused(`Its body is nested deeper than ${MAX_DEPTH} levels.`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw refused(`Its body is no JSON: ${(error as Error).message.slice(0, 200)}`);
  }
  if (!isObject(value)) throw refused('Its body is no JSON object.');
  const altered = alteredNumberIn(text)?.slice(0, 100);
  if (altered !== undefined)
    throw refused(`The number ${altered} in its body would not keep its digits: write a text.`);
  return value as JsonObject;
}
