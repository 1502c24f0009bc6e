import { readRequestBody } from '@modelcontextprotocol/server';
import { LIMITS } from '../../protocol/limits.ts';
import { Refused } from './refusal.ts';

/**
 * The body of a request as text.
 *
 * @throws Refused for one that is compressed (415), too large (413), or does not come whole (400)
 */
export async function textIn(request: Request): Promise<string> {
  if ((request.headers.get('content-encoding') ?? 'identity') !== 'identity')
    throw new Refused('Its body is compressed.', 415);
  const body = await readRequestBody(request, LIMITS.messageBytes).catch((error: Error) => {
    throw new Refused(`Its body did not come whole: ${error.message}`, 400);
  });
  if (body.tooLarge) throw new Refused(`Its body has more than ${LIMITS.messageBytes} bytes.`, 413);
  return body.text;
}
