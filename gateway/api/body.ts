import { isJsonContentType } from '@modelcontextprotocol/server';
import { CustodyError } from '../../protocol/errors.ts';
import { isObject, type JsonObject, MAX_DEPTH } from '../../protocol/values/json.ts';
import { alteredNumberIn, depthOf } from '../../protocol/values/numbers/exact.ts';
import { textIn } from '../http/body.ts';
import { Refused } from '../http/refusal.ts';

/**
 * The JSON object in the body of a request; an empty one where there is no body.
 *
 * @throws CustodyError REQUEST_REFUSED for what is none, is too large or too deep, or has a number that would not keep
 *   its digits
 */
export async function bodyIn(request: Request): Promise<JsonObject> {
  const text = (await textIn(request)).replace(/^\uFEFF/, '');
  if (text.trim() === '') return {};
  if (!isJsonContentType(request.headers.get('content-type')))
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
