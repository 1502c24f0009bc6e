import { readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import type { HttpBindings } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import * as z from 'zod/mini';
import type { Custody } from '../../client/custody.ts';
import type { StateSummary } from '../../client/session/describe.ts';
import { CustodyError } from '../../protocol/errors.ts';
import { aName } from '../../protocol/fields.ts';
import { ACTS, mayAct, needsRole, roleMissing } from '../../protocol/identity/roles.ts';
import type { Schema } from '../../protocol/values/check.ts';
import { type Caller, keyOfCaller, mayEnter, type Ownership } from '../auth/caller.ts';
import type { Limits } from '../auth/limits.ts';
import { notFound, untilAnswered } from '../http/answered.ts';
import { Refused, refusalOf } from '../http/refusal.ts';
import type { Room } from '../http/room.ts';
import { bodyIn } from './body.ts';
import { END } from './events/feed.ts';
import { Feeds } from './events/feeds.ts';
import { Seats } from './events/seats.ts';
import { streamOf } from './events/stream.ts';
import { aCount, taken } from './fields.ts';
import type { Inspect } from './inspect.ts';
import { Repeats } from './repeats.ts';
import type { Asked, Route } from './route.ts';
import { ROUTES } from './table.ts';

type Env = { Bindings: HttpBindings };

export interface ApiOptions {
  readonly custody: Custody;
  /** Whose a request is. @throws CustodyError TOKEN_MISSING, TOKEN_INVALID, RATE_LIMITED */
  readonly callerOf: (c: Context<Env>) => Promise<Caller>;
  readonly limits: Limits;
  readonly sessions: Ownership;
  readonly room: Room;
  /** Of streams of events. */
  readonly streams: Room;
  /** Where a client finds out how to log in. */
  readonly metadata: string | undefined;
  /** Milliseconds for which an answer of a call is waited for. */
  readonly parkAfter: number | undefined;
  /** Aborted as the process stops. */
  readonly hurry: AbortSignal;
  readonly inspect: Inspect;
}

/** See scripts/openapi.ts. */
const document = (): string => readFileSync(new URL('openapi.v1.json', import.meta.url), 'utf8');

const NOTHING = z.strictObject({});

/** All that the CLI does over the SDK, for the caller that a token names; see `ROUTES`. */
export function createApi({
  custody,
  callerOf,
  limits,
  sessions,
  room,
  streams,
  metadata,
  hurry,
  inspect,
  parkAfter = PATIENCE,
}: ApiOptions): Hono<Env> {
  const api = new Hono<Env>();
  const feeds = new Feeds(custody);
  const seats = new Seats();
  const repeats = new Repeats();

  async function answer(c: Context<Env>, row: Route): Promise<Response> {
    const caller = await callerOf(c);
    const { id, ...params } = c.req.param() as { readonly [name: string]: string };
    if (id !== undefined && !(await mayEnter(caller, id, sessions))) throw notFound(id);
    const lacking = lackedBy(caller, row);
    if (lacking) return refusalOf(lacking.error, { isApi: true, metadata, scope: lacking.scope });
    await limits.request(caller, id ?? '');
    const outgoing = c.env.outgoing as ServerResponse;
    const leave = room.enter();
    untilAnswered(outgoing, leave);
    const { subject, issuer, token, person, roles } = caller;
    const own = custody.for(subject, { issuer, token, person, roles });
    const query = taken(row.query ?? NOTHING, queryIn(c.req.url), 'query');
    const given = row.method === 'POST' ? await bodyIn(c.req.raw) : {};
    const body = taken(row.body ?? NOTHING, given, 'body');
    const key = headerIn(c, 'idempotency-key', aName);
    if (key !== undefined && row.method === 'POST') repeats.check(caller, c.req.path, given, key);
    const asked: Asked = {
      caller,
      custody: own,
      session: own.session(id ?? ''),
      params,
      query,
      body,
      key,
      signal: AbortSignal.any([c.req.raw.signal, hurry]),
      lastEventId: headerIn(c, 'last-event-id', POSITION),
      follow,
      inspect,
      patience: parkAfter,
      sees: (other) => mayEnter(caller, other, sessions),
    };
    const state = id === undefined ? undefined : await stateOf(asked, id);
    const answered = await row.handle(asked);
    if (answered instanceof Response) return answered;
    return Response.json(answered, { status: row.status ?? 200, headers: { 'cache-control': 'no-store' } });

    async function follow(after: number): Promise<Response> {
      untilAnswered(outgoing, seats.take(keyOfCaller(caller)));
      untilAnswered(outgoing, streams.enter());
      leave();
      const life = new AbortController();
      const events = feeds.after(id ?? '', after, AbortSignal.any([life.signal, hurry]));
      const stop = (): void => {
        life.abort();
        void events.return(undefined);
      };
      untilAnswered(outgoing, stop);
      const first = state?.ended ? await events.next() : undefined;
      if (first?.done || first?.value === END) return new Response(null, { status: 204 });
      return streamOf(first ? withFirst(first.value, events) : events, {
        look: () => callerOf(c),
        stop,
      });
    }
  }

  api.get('/openapi.json', () => new Response(document(), { headers: { 'content-type': 'application/json' } }));
  for (const row of ROUTES) api.on(row.method, pathOf(row), (c) => answer(c, row));
  for (const path of new Set(ROUTES.map(pathOf))) {
    const methods = ROUTES.filter((row) => pathOf(row) === path).map(({ method }) => method);
    api.all(path, () => {
      throw new Refused(`There is only ${methods.join(' and ')} here.`, 405, methods.join(', '));
    });
  }
  api.all('*', () => {
    throw new Refused('There is nothing here.', 404);
  });
  return api;
}

const pathOf = ({ path }: Route): string => path.replace(/\{(\w+)\}/g, ':$1');

/** What a caller has not, that it would need. */
function lackedBy({ subject, roles }: Caller, { who }: Route) {
  if (typeof who === 'string')
    return mayAct(who, roles)
      ? undefined
      : { error: new CustodyError('ROLE_MISSING', roleMissing(who, subject, roles)), scope: ACTS[who].roles[0] };
  if (who.length === 0 || who.some((role) => roles.includes(role))) return undefined;
  return { error: new CustodyError('ROLE_MISSING', needsRole('to read this', who, subject, roles)), scope: who[0] };
}

const PATIENCE = 45_000;
const POSITION = aCount(0, 10_000_000);

async function* withFirst(first: string, rest: AsyncGenerator<string>): AsyncGenerator<string> {
  yield first;
  yield* rest;
}

/** The id of another workflow is none of a session. */
function stateOf({ session }: Asked, id: string): Promise<StateSummary> {
  return session.state().catch((error: unknown) => {
    throw error instanceof CustodyError && error.code === 'SESSION_NOT_FOUND' ? notFound(id) : error;
  });
}

/** By name; a list where a name stands there more than once. */
function queryIn(url: string): object {
  const { searchParams } = new URL(url);
  const names = [...new Set(searchParams.keys())];
  return Object.fromEntries(
    names.map((name) => {
      const values = searchParams.getAll(name);
      return [name, values.length === 1 ? values[0] : values];
    }),
  );
}

function headerIn<T>(c: Context<Env>, name: string, schema: Schema<T>): T | undefined {
  const given = c.req.header(name);
  return given === undefined ? undefined : taken(schema, given, `header ${name}`);
}
