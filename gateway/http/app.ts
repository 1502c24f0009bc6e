import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HttpBindings } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import { cors } from 'hono/cors';
import { CustodyError } from '../../protocol/errors.ts';
import type { GatewayMetrics } from '../../telemetry/gateway.ts';
import { METRICS_TYPE } from '../../telemetry/names.ts';
import { roleMissing } from '../../protocol/identity/roles.ts';
import type { Inspect } from '../api/inspect.ts';
import type { Custody } from '../../client/custody.ts';
import { createApi } from '../api/app.ts';
import { bearerIn, type Tokens } from '../auth/bearer.ts';
import { type Caller, mayEnter } from '../auth/caller.ts';
import type { Limits } from '../auth/limits.ts';
import { consoleRoutes, type ConsoleOptions } from '../console/routes.ts';
import { notFound, untilAnswered } from './answered.ts';
import type { Sessions } from '../auth/sessions.ts';
import type { Opener } from '../open/opener.ts';
import type { Endpoints } from './endpoints.ts';
import type { Guard } from './guard.ts';
import { messageIn } from './message.ts';
import { METADATA } from './metadata.ts';
import { refusalOf } from './refusal.ts';
import { routeOf } from './routes.ts';
import type { Room } from './room.ts';

export interface AppOptions {
  readonly custody: Custody;
  readonly guard: Guard;
  readonly tokens: Tokens;
  /** What a client has to know to log in at an identity provider, and where that stands; where there is one. */
  readonly login: { readonly metadata: object; readonly at: string } | undefined;
  readonly limits: Limits;
  readonly sessions: Sessions;
  /** How people log in to the console. */
  readonly people: Pick<ConsoleOptions, 'cookies' | 'door'>;
  readonly endpoints: Endpoints;
  readonly opener: Opener;
  readonly room: Room;
  /** Of streams on which clients hear of changes. */
  readonly streams: Room;
  /** Aborted as it stops. */
  readonly hurry: AbortSignal;
  readonly inspect: Inspect;
  readonly parkAfter: number | undefined;
  readonly metrics: AppMetrics | undefined;
  /** Takes it requests: it does not stop, and reaches Temporal. */
  readonly isReady: () => Promise<boolean>;
  /** Hears of log-ins that failed. @param why without what was shown */
  readonly onRefused: (address: string, why: string) => void;
  /** Hears of what nobody foresaw. */
  readonly onTrouble: (message: string) => void;
}

export interface AppMetrics {
  readonly counts: GatewayMetrics;
  /** In Prometheus' form. */
  readonly read: () => Promise<string>;
}

/** A request whose response goes on until somebody ends it, as that of a GET does. */
const LISTEN = 'subscriptions/listen';

/** Where the API is. */
const API = '/api/v1';

type Env = { Bindings: HttpBindings };

/** What the gateway answers over HTTP: probes to anybody, sessions to whoever shows a token for them. */
export function createApp({
  custody,
  guard,
  tokens,
  login,
  limits,
  sessions,
  people,
  endpoints,
  opener,
  room,
  streams,
  hurry,
  inspect,
  parkAfter,
  metrics,
  isReady,
  onRefused,
  onTrouble,
}: AppOptions): Hono<Env> {
  const app = new Hono<Env>();
  if (metrics)
    app.use(async (c, next) => {
      const began = performance.now();
      const { req } = c;
      (c.env.outgoing as ServerResponse).once('close', () =>
        metrics.counts.answered(routeOf(req.path), req.method, c.res.status, (performance.now() - began) / 1000),
      );
      await next();
    });
  app.get('/healthz', (c) => c.text('ok\n'));
  app.get('/readyz', async (c) => ((await isReady()) ? c.text('ok\n') : c.text('not ready\n', 503)));

  app.use(async (c, next) => {
    guard.check(c.req.raw);
    await next();
    if (room.isClosed) c.res.headers.set('connection', 'close');
  });
  app.use(
    cors({
      origin: (origin) => (guard.isAllowed(origin) ? origin : null),
      allowMethods: ['POST', 'GET', 'DELETE'],
      exposeHeaders: ['Mcp-Session-Id', 'WWW-Authenticate', 'Retry-After'],
      maxAge: 600,
    }),
  );

  if (login)
    for (const path of [METADATA, `${METADATA}/mcp`, `${METADATA}/mcp/:session`, `${METADATA}/mcp/agents/:agent`])
      app.get(path, (c) => c.json(login.metadata));

  /**
   * Whose request it is.
   * @param byCookie that of somebody who logged in to the console counts as well
   * @throws CustodyError TOKEN_MISSING, TOKEN_INVALID, PLACE_REFUSED, RATE_LIMITED
   */
  async function callerOf(c: Context<Env>, byCookie = false): Promise<Caller> {
    const now = Date.now();
    const shown = c.req.header('authorization') ?? null;
    try {
      const kept = byCookie && shown === null ? await people.cookies.tokenIn(c.req.raw) : undefined;
      return await tokens.callerOf(kept ?? bearerIn(shown), now);
    } catch (error) {
      if (!(error instanceof CustodyError) || error.code !== 'TOKEN_INVALID') throw error;
      await failed(c, error);
      throw error;
    }
  }

  /** Counts a log-in that failed. @throws CustodyError RATE_LIMITED */
  async function failed(c: Context<Env>, { message }: CustodyError): Promise<void> {
    const { remoteAddress: address = 'unknown' } = c.env.incoming.socket;
    metrics?.counts.refused();
    await limits.failed(address);
    onRefused(address, message);
  }
  app.route('/', consoleRoutes({ ...people, tokens, onRefused: failed }));

  /** The session that a request is for, where its caller may know of it. @throws CustodyError SESSION_NOT_FOUND */
  async function sessionFor(caller: Caller, named: string | undefined): Promise<string> {
    const id = named ?? caller.session;
    if (id === undefined)
      throw new CustodyError('SESSION_NOT_FOUND', 'This token is bound to no session: ask at /mcp/SESSION.');
    if (await mayEnter(caller, id, sessions)) return id;
    await limits.absent(caller);
    throw notFound(id);
  }

  /** @param agent that is named instead of a session */
  async function serveMcp(c: Context<Env>, named?: string, agent?: string): Promise<Response> {
    const caller = await callerOf(c);
    if (!caller.roles.includes('agent'))
      return refusalOf(new CustodyError('ROLE_MISSING', roleMissing('call', caller.subject, caller.roles)), {
        scope: 'agent',
        metadata: login?.at,
      });
    const id = agent === undefined ? await sessionFor(caller, named) : agent;
    await limits.request(caller, id);
    const outgoing = c.env.outgoing as ServerResponse;
    const leave = room.enter();
    untilAnswered(outgoing, leave);
    const message = c.req.method === 'POST' ? await messageIn(c.req.raw) : undefined;
    if (message instanceof Response) return message;
    if (message?.method === LISTEN || c.req.method === 'GET') {
      untilAnswered(outgoing, streams.enter());
      leave();
    }
    const endpoint =
      agent === undefined
        ? await endpoints.of(caller, id).catch((error: unknown) => {
            throw error instanceof CustodyError && error.code === 'SESSION_NOT_FOUND' ? notFound(id) : error;
          })
        : await opener.placeFor(caller, agent, message, c.req.raw.headers);
    untilAnswered(outgoing, endpoint.use());
    return endpoint.answer(c.req.raw, message);
  }
  if (metrics)
    app.get('/metrics', async (c) => {
      const { subject, roles } = await callerOf(c);
      if (roles.some((role) => role === 'auditor' || role === 'operator'))
        return c.text(await metrics.read(), 200, { 'content-type': METRICS_TYPE, 'cache-control': 'no-store' });
      const missing = new CustodyError('ROLE_MISSING', `'${subject}' has neither the role auditor nor operator.`);
      return refusalOf(missing, { scope: 'auditor', metadata: login?.at });
    });
  app.all('/mcp', (c) => serveMcp(c));
  app.all('/mcp/agents/:agent', (c) => serveMcp(c, undefined, c.req.param('agent')));
  app.all('/mcp/:session', (c) => serveMcp(c, c.req.param('session')));

  const metadata = login?.at;
  app.route(
    API,
    createApi({
      custody,
      callerOf: (c) => callerOf(c, true),
      limits,
      sessions,
      room,
      streams,
      metadata,
      hurry,
      inspect,
      parkAfter,
    }),
  );

  app.notFound(() => refusalOf(new CustodyError('REQUEST_REFUSED', 'There is nothing here.'), { status: 404 }));
  app.onError((error, c) => {
    const isApi = [API, '/console'].some((place) => c.req.path.startsWith(`${place}/`));
    const known = error instanceof CustodyError ? error : unforeseen(error);
    return endOf(c.env.incoming as IncomingMessage, refusalOf(known, { metadata, isApi }));
  });

  /** What nobody foresaw may say more than a client should know: the log has it. */
  function unforeseen(error: Error): CustodyError {
    onTrouble(error.stack ?? String(error));
    return new CustodyError('INTERNAL_ERROR', 'Something failed that should not; the log of the gateway says what.');
  }
  return app;
}

/** What is refused may not have been read to its end: the connection is of no use any more. */
function endOf(request: IncomingMessage, response: Response): Response {
  if (!request.complete) response.headers.set('connection', 'close');
  return response;
}
