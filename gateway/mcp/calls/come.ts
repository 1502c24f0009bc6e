import type { ServerContext } from '@modelcontextprotocol/server';
import type { Hear, SessionHandle } from '../../../client/index.ts';
import type { Answer } from '../../../protocol/calls/call.ts';
import { answerOrAsks, type Come, digestOfAsks, passOn } from './asks.ts';
import type { Peer } from './peer.ts';
import { pushed } from './push.ts';
import type { Turn } from './turn.ts';

/** Makes a call, or asks for its answer; see `CallOptions`. */
export type Made = (options: {
  readonly callId: string;
  readonly traceparent?: string | undefined;
  readonly signal: AbortSignal;
  readonly hear?: Hear | undefined;
  readonly wait?: 'unless-asked' | true;
  readonly again?: true;
}) => Promise<Answer>;

/** The answer of a call, or what its client is to be asked that it did not answer with its request. */
export async function comeTo(
  session: SessionHandle,
  make: Made,
  { callId, traceparent, asked, hear }: Turn & { readonly hear?: Hear | undefined },
  { mcpReq }: ServerContext,
  peer: Peer,
  signal: AbortSignal,
): Promise<Come> {
  const options = { callId, traceparent, hear, signal };
  if (peer.takes.size === 0 && !peer.isModern) return { answer: await make(options) };
  const come = (): Promise<Come> => answerOrAsks(session, callId, peer, (wait) => make({ ...options, wait }));
  if (peer.push) return pushed(session, callId, peer.push, come, signal);
  for (let given = mcpReq.inputResponses; ; given = undefined) {
    const reply = await come();
    if ('answer' in reply || given === undefined) return reply;
    const { asks } = reply;
    // What was said to other questions is no answer to these.
    if (asked !== undefined && asked !== digestOfAsks(asks)) return reply;
    if (!(await passOn(session, callId, asks, given))) return reply;
  }
}
