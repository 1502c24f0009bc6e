import type { CallToolResult } from '@modelcontextprotocol/server';
import { inWords } from './answers.ts';

/** The name in a request's `_meta` under which a transport says which number of it JavaScript would have altered. */
export const ALTERED_NUMBER = 'io.custody/altered-number';

/** The answer to a call that is not made, as a number of it would have been another; undefined for any other call. */
export function refusalOfNumber(meta: Readonly<Record<string, unknown>> | undefined): CallToolResult | undefined {
  const number = meta?.[ALTERED_NUMBER];
  if (typeof number !== 'string') return undefined;
  return inWords(undefined, {
    code: 'MALFORMED_COMMAND',
    message:
      `The call was not made: the number ${number} in it would not be sent with the digits that it was given. If the ` +
      'tool takes it as text, give it in quotes.',
  });
}
