import { beginningIn, type SessionInput, type Starter } from '../../protocol/session-input.ts';
import type { Context } from '../context.ts';

/** An input that begins a run, with a proof of who begins it, where the actor has a key. */
export function signedInput<I extends SessionInput>(
  { client, actor, signer, vouched }: Context,
  session: string,
  input: I,
): I {
  // As it arrives: without what JSON leaves out.
  const sent = JSON.parse(JSON.stringify(input)) as I;
  const beginning = signer ? beginningIn(sent) : undefined;
  if (!signer || !beginning?.by) return sent;
  const { namespace } = client.options;
  const { act, by, fields } = beginning;
  const proof = signer.prove({ namespace, session, act, commandId: '', actor }, fields, vouched);
  return withStarter(sent, { ...by, proof });
}

function withStarter<I extends SessionInput>(input: I, by: Starter): I {
  if ('fork' in input) return { ...input, fork: { ...input.fork, by } };
  return 'recover' in input ? { ...input, recover: { by } } : { ...input, by };
}
