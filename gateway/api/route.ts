import type { Custody } from '../../client/custody.ts';
import type { SessionHandle } from '../../client/session/handle.ts';
import type { Act } from '../../protocol/identity/roles.ts';
import type { Role } from '../../protocol/identity/standing.ts';
import type { Schema } from '../../protocol/values/check.ts';
import type { Caller } from '../auth/caller.ts';
import type { Answers } from './answers.ts';
import type { Inspect } from './inspect.ts';

/** A request that its caller may make, read and checked. */
export interface Asked<Query = unknown, Body = unknown> {
  readonly caller: Caller;
  /** The client in the name of the caller. */
  readonly custody: Custody;
  /** That of the path; of a route without one it must not be used. */
  readonly session: SessionHandle;
  /** The other names in the path. */
  readonly params: { readonly [name: string]: string };
  readonly query: Query;
  readonly body: Body;
  /** Repeats under one key are one command. */
  readonly key: string | undefined;
  /** Aborted when the client is gone, or the process is about to stop. */
  readonly signal: AbortSignal;
  /** Milliseconds for which an answer of a call is waited for. */
  readonly patience: number;
  /** The position in `Last-Event-ID`. */
  readonly lastEventId: number | undefined;
  /** The events of the session after a position; none where it has ended and has no more. */
  readonly follow: (after: number) => Promise<Response>;
  readonly inspect: Inspect;
  /** May the caller know of this session? No more than false of one that is not there. */
  readonly sees: (session: string) => Promise<boolean>;
}

/** One thing that can be asked. The router, the OpenAPI document and the tests of roles are made from the table. */
export interface Route<Name extends keyof Answers = keyof Answers, Query = unknown, Body = unknown> {
  readonly method: 'GET' | 'POST';
  /** Below /api/v1; `{id}` is a session. */
  readonly path: string;
  /** What it does, for which a token needs a role by `ACTS`; or the roles that may read it, none is any token. */
  readonly who: Act | readonly Role[];
  /** One line. */
  readonly summary: string;
  /** Nothing is taken where it is absent. */
  readonly query?: Schema<Query>;
  readonly body?: Schema<Body>;
  /** What fields of the body are, where another part checks them. */
  readonly shown?: { readonly [field: string]: Schema<unknown> };
  /** Of the answer. */
  readonly answer: Name;
  readonly status?: 200 | 201;
  /** What it answers with beside JSON of `answer`. */
  readonly also?: Also;
  readonly handle: (asked: Asked<Query, Body>) => Promise<Answers[Name] | Response>;
}

/** Other forms of an answer. */
export interface Also {
  /** Types of its content. */
  readonly types?: readonly string[];
  /** It may be 202, with the answer of this name: it is not there yet. */
  readonly accepted?: keyof Answers;
}

/** A row of the table, whose handler fits its schemas. */
export const route = <Name extends keyof Answers, Query = unknown, Body = unknown>(
  row: Route<Name, Query, Body>,
): Route => row as unknown as Route;
