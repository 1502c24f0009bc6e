import type { SavedState } from '../../../protocol/agent.ts';
import { CustodyError } from '../../../protocol/errors.ts';
import { LIMITS } from '../../../protocol/limits.ts';
import { byteLength } from '../../../protocol/values/digest.ts';
import { problemOfGiven } from '../../../protocol/values/numbers/exact.ts';
import type { Json } from '../../../protocol/values/json.ts';
import type { PayloadStore } from '../../../protocol/values/payload.ts';

/**
 * A state as a command carries it: small ones as they are, others put into the store.
 * @throws CustodyError STATE_TOO_LARGE, MALFORMED_COMMAND, STORE_UNAVAILABLE
 */
export async function carried(
  state: Json,
  payloads: PayloadStore,
): Promise<{ readonly state: Json } | { readonly stateRef: Extract<SavedState, { ref: unknown }>['ref'] }> {
  const copy = copyOf(state);
  const bytes = byteLength(JSON.stringify(copy));
  if (bytes > LIMITS.agentStateBytes)
    throw new CustodyError(
      'STATE_TOO_LARGE',
      `The state is ${bytes} bytes, and a session keeps ${LIMITS.agentStateBytes}.`,
    );
  return bytes <= LIMITS.inlineStateBytes ? { state: copy } : { stateRef: await payloads.put(copy) };
}

function copyOf(state: Json): Json {
  let text: string | undefined;
  try {
    text = JSON.stringify(state);
  } catch (error) {
    throw new CustodyError('MALFORMED_COMMAND', `The state is no JSON: ${(error as Error).message}.`, { cause: error });
  }
  const copy = text === undefined ? undefined : (JSON.parse(text) as Json);
  const problem = copy === undefined ? 'it is no JSON value' : problemOfGiven(copy);
  if (problem) throw new CustodyError('MALFORMED_COMMAND', `The state cannot be saved: ${problem}.`);
  return copy as Json;
}
