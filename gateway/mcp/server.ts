import {
  type CallToolResult,
  type CompleteResult,
  type GetPromptResult,
  type InputRequiredResult,
  type ListPromptsResult,
  type ListResourcesResult,
  type ListResourceTemplatesResult,
  type ListToolsResult,
  ProtocolError,
  type ReadResourceResult,
  type Server,
  type ServerContext,
} from '@modelcontextprotocol/server';
import type { JsonObject } from '../../protocol/values/json.ts';
import { ASK_LATER } from './calls/advice.ts';
import { refusalOfNumber } from './calls/alteredNumber.ts';
import { inWords, refusalIn, toProtocolError, unknownName } from './calls/answers.ts';
import { takes } from './calls/asks.ts';
import type { Calls } from './calls/calls.ts';
import type { KnownClient, Peer } from './calls/peer.ts';
import type { Pushed } from './calls/push.ts';
import type { SessionHandle } from '../../client/index.ts';
import type { Gate } from './gate.ts';
import type { Mirror } from './mirror/mirror.ts';
import { introduced } from './introduced.ts';
import { takesTasks } from './tasks/declared.ts';
import { addTasks } from './tasks/handlers.ts';
import { isOwnTool, OWN_TOOLS, type OwnTool } from './own/ownTools.ts';
import { readResource } from './calls/readResource.ts';
import { takeWishes } from './telling/wishes.ts';
import { setCheckpoint } from './own/setCheckpoint.ts';
import { RECENT, toStatus } from './own/status.ts';
import { STILL_WAITING, waitFor } from './calls/waiting.ts';

/**
 * How long a listing may take before a client is given what is known, in milliseconds: clients give a server 30 s to
 * start.
 */
const LISTING = 15_000;

export interface ServerOptions {
  readonly session: SessionHandle;
  readonly version: string;
  readonly mirror: Mirror;
  readonly calls: Calls;
  readonly gate: Gate;
  /** What the client is told of the server as a whole. */
  readonly instructions: string;
  /** The state of the session as last seen, in words. */
  readonly state: () => string;
  /** Called when a client was given less than there is: it shall hear when there is more. */
  readonly onIncomplete: () => void;
  /** Where what the client declared does not come with the connection. */
  readonly client?: KnownClient | undefined;
}

/**
 * An MCP server, for one connection, that shows a session's servers as one and makes every call in the session.
 *
 * @param isModern whether the connection is of revision 2026-07-28 or later
 */
export function createServer(
  { session, version, instructions, mirror, calls, gate, state, onIncomplete, client }: ServerOptions,
  isModern: boolean,
): Server {
  const server = introduced(`Custody session ${session.id}`, version, instructions, {
    takesSubscriptions: !isModern,
    takesTasks: isModern,
  });
  if (isModern) addTasks(server, calls.tasks, gate);

  const send = (context: ServerContext) => (message: Pushed) =>
    server.transport?.send(message, { relatedRequestId: context.mcpReq.id }) ?? Promise.resolve();
  const peerOf = (context: ServerContext): Peer =>
    client
      ? { isModern, takes: client.takes, owner: client.owner, push: { ...client.push, send: send(context) } }
      : { isModern, takes: takes(context, server.getClientCapabilities()) };

  /** A listing; what came in time, or what `otherwise` knows. */
  const list = <T>(context: ServerContext, work: () => Promise<T>, otherwise: () => Promise<T>): Promise<T> =>
    gate(async () => {
      const listed = await orProtocolError(
        context,
        waitFor(work, context, { parkAfter: LISTING, why: () => `lists what the servers have; ${state()}` }),
      );
      if (listed !== STILL_WAITING) return listed;
      onIncomplete();
      return orProtocolError(context, otherwise());
    });
  const unlisted = (): Promise<never> =>
    Promise.reject(
      toProtocolError({ code: 'CALL_PARKED', message: `The servers cannot be listed now: ${state()}.` }, ASK_LATER),
    );

  takeWishes(server, calls.tellings, isModern, (uri, context) =>
    gate(() => orProtocolError(context, mirror.serversFor(uri, context.mcpReq.signal))),
  );
  server.setRequestHandler('tools/list', (_request, context) =>
    list(
      context,
      async () => ({ tools: [...(await mirror.tools()), ...OWN_TOOLS] }) as unknown as ListToolsResult,
      async () => ({ tools: [...(await mirror.undescribed()), ...OWN_TOOLS] }) as unknown as ListToolsResult,
    ),
  );
  server.setRequestHandler('prompts/list', (_request, context) =>
    list(
      context,
      async () => ({ prompts: await mirror.prompts(context.mcpReq.signal) }) as unknown as ListPromptsResult,
      unlisted,
    ),
  );
  server.setRequestHandler('resources/list', (_request, context) =>
    list(
      context,
      async () =>
        ({
          resources: await mirror.resources('resources/list', context.mcpReq.signal),
        }) as unknown as ListResourcesResult,
      unlisted,
    ),
  );
  server.setRequestHandler('resources/templates/list', (_request, context) =>
    list(
      context,
      async () =>
        ({
          resourceTemplates: await mirror.resources('resources/templates/list', context.mcpReq.signal),
        }) as unknown as ListResourceTemplatesResult,
      unlisted,
    ),
  );

  server.setRequestHandler('tools/call', ({ params }, context) =>
    gate(async (): Promise<CallToolResult | InputRequiredResult> => {
      const refusal = refusalOfNumber(context.mcpReq._meta);
      if (refusal) return refusal;
      const args = (params.arguments ?? {}) as JsonObject;
      if (isOwnTool(params.name)) return callOwnTool(params.name, args, context);
      const offer = await waitFor(() => mirror.toolNamed(params.name), context, {
        parkAfter: LISTING,
        why: state,
      }).catch(refusalIn);
      if (offer === undefined) {
        const over = await mirror.ended();
        if (over) return inWords(undefined, over);
        throw unknownName('tool', params.name);
      }
      if (offer === STILL_WAITING)
        return inWords(
          undefined,
          { code: 'CALL_PARKED', message: `The tools of the session are not known yet: ${state()}.` },
          ASK_LATER,
        );
      if ('code' in offer) return inWords(undefined, offer);
      const schema = await mirror.outputSchemaOf(offer);
      const peer = { ...peerOf(context), takesTasks: isModern && takesTasks(context) };
      const result = await calls.callTool(offer, args, schema !== undefined, context, peer);
      return 'resultType' in result ? result : server.projectCallToolResult(result, schema);
    }),
  );
  server.setRequestHandler('prompts/get', ({ params }, context) =>
    gate(async () => {
      const { name, arguments: args } = params;
      const prompt = await orProtocolError(context, mirror.promptNamed(name, context.mcpReq.signal));
      if (!prompt) throw unknownName('prompt', name);
      return (await calls.request(
        prompt.server,
        'prompts/get',
        { name: prompt.name, ...(args ? { arguments: args } : {}) },
        context,
        peerOf(context),
      )) as GetPromptResult;
    }),
  );
  server.setRequestHandler('resources/read', ({ params }, context) =>
    gate(async () => {
      const servers = await orProtocolError(context, mirror.serversFor(params.uri, context.mcpReq.signal));
      return (await readResource(calls, servers, params.uri, context, peerOf(context))) as ReadResourceResult;
    }),
  );
  server.setRequestHandler('completion/complete', ({ params }, context) =>
    gate(async () => {
      const { ref, argument, context: given } = params;
      const rest = { argument, ...(given ? { context: given } : {}) } as unknown as JsonObject;
      if (ref.type === 'ref/resource') {
        const [owner] = await orProtocolError(context, mirror.serversFor(ref.uri, context.mcpReq.signal));
        if (owner === undefined) throw unknownName('resource', ref.uri);
        return (await calls.request(
          owner,
          'completion/complete',
          { ref: { type: ref.type, uri: ref.uri }, ...rest },
          context,
          peerOf(context),
        )) as CompleteResult;
      }
      const prompt = await orProtocolError(context, mirror.promptNamed(ref.name, context.mcpReq.signal));
      if (!prompt) throw unknownName('prompt', ref.name);
      return (await calls.request(
        prompt.server,
        'completion/complete',
        { ref: { type: ref.type, name: prompt.name }, ...rest },
        context,
        peerOf(context),
      )) as CompleteResult;
    }),
  );

  async function callOwnTool(
    name: OwnTool,
    args: JsonObject,
    context: ServerContext,
  ): Promise<CallToolResult | InputRequiredResult> {
    if (name === 'custody_status')
      return session.recentCalls(RECENT).then(toStatus, (error: unknown) => inWords(undefined, refusalIn(error)));
    if (name === 'custody_checkpoint') return setCheckpoint(session, args, context);
    const { callId } = args;
    if (typeof callId === 'string')
      return name === 'custody_again'
        ? calls.again(callId, context, peerOf(context))
        : calls.waitFor(callId, context, peerOf(context));
    return inWords(undefined, { code: 'MALFORMED_COMMAND', message: `${name} needs { "callId": … }, a call id.` });
  }
  return server;
}

/** What went wrong, as an error of the protocol; a client that cancelled its request hears nothing. */
const orProtocolError = <T>({ mcpReq }: ServerContext, work: Promise<T>): Promise<T> =>
  work.catch((error: unknown) => {
    throw mcpReq.signal.aborted || error instanceof ProtocolError ? error : toProtocolError(refusalIn(error));
  });
