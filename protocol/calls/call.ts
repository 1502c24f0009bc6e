import type { ApprovalAsked } from './asked.ts';
import type { Asks, Continuation } from './asks.ts';
import type { ErrorCode, Refusal, RpcError } from '../errors.ts';
import type { Proven } from '../identity/standing.ts';
import type { ListedNow } from '../incidents/listed.ts';
import type { Finding, ScanWanted } from '../incidents/scan.ts';
import type { JsonObject } from '../values/json.ts';
import type { Ref } from '../values/payload.ts';
import type { Price } from '../money/price.ts';
import type { Grant, PolicyDecision, PolicyTerms } from './policy.ts';
import type { ToolResult } from './result.ts';
import type { Undo } from './undo.ts';
import type { WorkerIdentity } from '../workers/worker.ts';

/** What a tool does to the world, and so what may be done after an attempt whose answer is not known. */
export const EFFECTS = ['read-only', 'idempotent', 'compensable', 'irreversible'] as const;
export type Effect = (typeof EFFECTS)[number];

/** May a call of this class be sent again after it may have been sent once? */
export const isRepeatable = (effect: Effect): boolean => effect === 'read-only' || effect === 'idempotent';

/** A tool as a session pinned it. */
export interface ToolPin {
  /** SHA-256 of the RFC 8785 form of the definition that the server listed. */
  readonly hash: string;
  readonly effect: Effect;
  /** Milliseconds. */
  readonly timeout: number;
  /** The operator says how its effect is undone. */
  readonly undo?: true;
  /** Tools that undo it. */
  readonly undoTools?: readonly string[];
  /** Paths of arguments that its schema calls `number`, as `items[].price`: rules read them as decimals. */
  readonly decimals?: readonly string[];
}

/** What a server may offer beside tools. */
export const OFFERS = ['prompts', 'resources', 'completions'] as const;
export type Offered = (typeof OFFERS)[number];

/** A tool that a server lists and that no session can call. */
export interface LeftOut {
  /** The server's word; '' where it says none. */
  readonly name: string;
  readonly why: string;
}

/** A server as a session pinned it. */
export interface ServerPin {
  /** SHA-256 of what the operator configured for this server and its tools, secrets left out. */
  readonly configHash: string;
  readonly protocolVersion: string;
  readonly tools: { readonly [name: string]: ToolPin };
  /** What it declares beside tools; in a pin without, that is not known. */
  readonly offers?: readonly Offered[];
  readonly leftOut?: readonly LeftOut[];
}

/** How one attempt ended, as far as the worker or the history can tell. */
export type AttemptOutcome = RanBy &
  HasUndo &
  /** The tool answered. */
  (
    | { readonly kind: 'succeeded'; readonly result: ToolResult }
    | { readonly kind: 'tool_error'; readonly result: ToolResult }
    /**
     * The server wants to know something before it goes on. Nothing is in doubt: it waits, or left its state with us.
     */
    | { readonly kind: 'input_required'; readonly asks: Asks }
    /** The server answered, and not with a result. */
    | { readonly kind: 'failed'; readonly code: ErrorCode; readonly message: string; readonly rpc?: RpcError }
    /** Rules forbid it, and no byte of the call was sent. */
    | { readonly kind: 'denied'; readonly code: ErrorCode; readonly message: string }
    /** Rules want persons to approve it first, and no byte of the call was sent. */
    | {
        readonly kind: 'needs_approval';
        readonly code: ErrorCode;
        readonly message: string;
        readonly asks: ApprovalAsked;
      }
    /** No byte of the call was sent. */
    | { readonly kind: 'not_sent'; readonly code: ErrorCode; readonly message: string }
    /** The call was, or may have been, sent; no answer is known. */
    | { readonly kind: 'unknown'; readonly code: ErrorCode; readonly message: string }
  );

/** How to undo what an attempt did, as far as it was sent and has an effect. */
interface HasUndo {
  readonly undo?: Undo;
  /** A read shows that it changed nothing. */
  readonly unchanged?: true;
}

/** Who ran an attempt, as far as is known. */
interface RanBy {
  /** What rules said of it, where the session has any. */
  readonly decision?: PolicyDecision;
  readonly worker?: WorkerIdentity;
  /** Methods of what the server wanted from its client in mid-call, and did not get: sampling, roots. */
  readonly refused?: readonly string[];
  /** The worker died or was cut off with the attempt under way, even if its outcome was found afterwards. */
  readonly workerLost?: true;
  /** The connection that the attempt was bound to is gone. */
  readonly leaseLost?: true;
  /** Milliseconds from sending to answer, of an attempt that was answered. */
  readonly ms?: number;
  /** What the scan found, as far as the session wants one. */
  readonly found?: readonly Finding[];
  /** What the server lists, where that is news to the session. */
  readonly listed?: ListedNow;
}

/** How a call ended. `in_doubt` is no end: the call stays open until it is resolved. */
export const CALL_OUTCOMES = ['succeeded', 'tool_error', 'refused', 'failed', 'cancelled'] as const;
export type CallOutcome = (typeof CALL_OUTCOMES)[number];

/** Where an open call is. */
export type CallPhase = 'queued' | 'running' | 'awaiting_approval' | 'awaiting_input' | 'in_doubt';

/** What the caller gets: a result or an error, or neither where a person resolved the call as succeeded. */
export interface Answer {
  readonly callId: string;
  readonly outcome: CallOutcome;
  readonly attempts: number;
  readonly result?: ToolResult;
  readonly error?: Refusal;
  /** Who settled a call that was in doubt, and why. */
  readonly resolved?: { readonly actor: string; readonly reason: string; readonly proof?: Proven };
}

/**
 * The requests of MCP that a session makes; all but `tools/call` are read-only by nature and need no pinned tool.
 */
export const METHODS = [
  'tools/call',
  'tools/list',
  'resources/list',
  'resources/templates/list',
  'resources/read',
  'prompts/list',
  'prompts/get',
  'completion/complete',
] as const;
export type Method = (typeof METHODS)[number];
export type ReadMethod = Exclude<Method, 'tools/call'>;

/** What a caller may take as the id of a call. */
export const CALL_ID_FORM = /^[\x21-\x7e]{1,128}$/;

/** How far a server says that it is with a call. Its words, not to be trusted. */
export interface CallProgress {
  readonly progress: number;
  readonly total?: number;
  readonly message?: string;
}

/** What a session is asked to call. */
export interface CallRequest {
  readonly callId: string;
  readonly server: string;
  /** The name of the tool; of another method its subject in words: a URI, the name of a prompt, or the method. */
  readonly tool: string;
  /** Arguments of the tool, of another method the params of its request. Empty where `argsRef` stands for them. */
  readonly args: JsonObject;
  /** Arguments that are too large for history. */
  readonly argsRef?: Ref;
  /** Absent is `tools/call`. */
  readonly method?: ReadMethod;
  /** Of the caller, where it has one: an agent that starts again has another, and may have forgotten its calls. */
  readonly connection?: string;
  /** W3C trace context of the caller, where it has one: tells no call from another, and is no evidence. */
  readonly traceparent?: string;
}

/** A call in words: `files.write_file`, `files tools/list`, `files resources/read file:///a.md`. */
export const nameOf = ({ server, tool, method }: Pick<CallRequest, 'server' | 'tool' | 'method'>): string =>
  method === undefined ? `${server}.${tool}` : `${server} ${method}${tool === method ? '' : ` ${tool}`}`;

/** Call ids that a session gives itself: to the steps of its plan, to compensations, to calls that were edited. */
export const OWN_CALL_ID = /^(plan|undo|edit)[/~]/;

/** Bytes of a call's arguments. @param call.bytes of what stands for them in history */
export const argumentBytes = ({ argsRef, bytes }: Pick<CallRequest, 'argsRef'> & { readonly bytes: number }): number =>
  argsRef?.bytes ?? bytes;

/** The name in `_meta` under which a call's idempotency key goes with it; MCP's specification has none. */
export const IDEMPOTENCY_KEY = 'io.custody/idempotency-key';

/**
 * Which attempt is meant: of which call of which chain of runs. A session id can be given out again, when its session
 * was deleted or Temporal began anew, and call ids with it; a chain's id cannot.
 */
export interface AttemptId {
  /**
   * Id of the first run of the session's first chain: kept over continue-as-new, a reset and a recovery. A fork is a
   * session of its own.
   */
  readonly chain: string;
  readonly sessionId: string;
  readonly callId: string;
  readonly attempt: number;
  /**
   * Of what the caller asked, as the session keeps it; empty for a compensation, whose call id is the session's own.
   */
  readonly digest: string;
}

/** The input of an attempt's activity: the intent, durable before anything is sent. */
export interface Intent extends CallRequest, AttemptId {
  /** Number of this record in the session. */
  readonly record: number;
  readonly actor: string;
  /** Stable over attempts, workers and continue-as-new. */
  readonly idempotencyKey: string;
  readonly effect: Effect;
  /** Milliseconds. */
  readonly timeout: number;
  readonly toolHash: string;
  readonly configHash: string;
  /** Bytes beyond which the result is not kept; absent, what a worker reads at most. */
  readonly maxResult?: number;
  /** Of a compensation: what it undoes. Else what an earlier attempt, which may have been sent, found out before. */
  readonly undo?: Undo;
  /** The call that this one undoes. */
  readonly compensates?: string;
  /** The call was asked about, and goes on with what was answered. */
  readonly continues?: Continuation;
  /**
   * The run that scheduled the attempt: a reset has Temporal schedule it again in another, and it is not made there.
   */
  readonly runId?: string;
  /** The connection that the call is bound to, and no other may make it. Absent where any will do. */
  readonly lease?: string;
  /** Name of the worker that holds it, where any other that takes the call is to hand it back unsent. */
  readonly holder?: string;
  /** What rules are asked beside the call itself; absent where the session has none. */
  readonly policy?: PolicyTerms;
  /** Persons approved it, where rules asked them. */
  readonly grant?: Grant;
  /** Micro-USD that the session keeps for it; absent where nothing of it has a price. */
  readonly reserved?: number;
  /** What it costs, by the prices that the session pinned; absent where nothing is reserved for it. */
  readonly price?: Price;
  /** What is looked for in it and its answer; absent for nothing. */
  readonly scan?: ScanWanted;
  /** Digests of lists of tools of the server that are no news; absent where the session does not want to know. */
  readonly listings?: readonly string[];
}
