import type { HttpBindings } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { CustodyError } from '../../protocol/errors.ts';
import { isObject } from '../../protocol/values/json.ts';
import type { Tokens } from '../auth/bearer.ts';
import { checkOwn, type Cookies } from './cookies.ts';
import type { Door } from './door.ts';
import { Files, isFile } from './files.ts';

export interface ConsoleOptions {
  readonly cookies: Cookies;
  readonly tokens: Tokens;
  /** Where a link can let somebody in. */
  readonly door: Door | undefined;
  /** Hears of a log-in that failed, and may refuse to answer more. */
  readonly onRefused: (c: Context<{ Bindings: HttpBindings }>, error: CustodyError) => Promise<void>;
}

/** Bytes of a log-in: a token, and no more. */
const LARGEST = 32 * 1024;

/** The page, and how people log in to it. What it shows it asks of the API, as any other client. */
export function consoleRoutes({ cookies, tokens, door, onRefused }: ConsoleOptions): Hono<{ Bindings: HttpBindings }> {
  const files = new Files();
  const routes = new Hono<{ Bindings: HttpBindings }>();

  routes.post('/console/login', bodyLimit({ maxSize: LARGEST, onError: tooLarge }), async (c) => {
    checkOwn(c.req.raw);
    const now = Date.now();
    try {
      const given: unknown = await c.req.json().catch(() => undefined);
      const token = tokenOf(given, door, now);
      const { issuer, subject, person, roles, session } = await tokens.callerOf(token, now);
      return c.json({ issuer, subject, person, roles, ...(session === undefined ? {} : { session }) }, 200, {
        'set-cookie': await cookies.login(c.req.raw, token),
        'cache-control': 'no-store',
      });
    } catch (error) {
      if (error instanceof CustodyError && error.code === 'TOKEN_INVALID') await onRefused(c, error);
      throw error;
    }
  });

  routes.post('/console/logout', (c) => {
    checkOwn(c.req.raw);
    return c.body(null, 204, { 'set-cookie': cookies.logout(c.req.raw), 'cache-control': 'no-store' });
  });

  routes.get('/', (c) => c.redirect('/console'));
  routes.get('/console/files/:name', (c) => {
    const name = c.req.param('name');
    return isFile(name) ? files.answer(name, c.req.raw) : c.notFound();
  });
  routes.get('/console', (c) => files.answer('index.html', c.req.raw));
  routes.get('/console/*', (c) => files.answer('index.html', c.req.raw));

  return routes;
}

/** @throws CustodyError REQUEST_REFUSED, TOKEN_INVALID */
function tokenOf(given: unknown, door: Door | undefined, now: number): string {
  if (isObject(given) && typeof given.token === 'string') return given.token.trim();
  if (isObject(given) && typeof given.once === 'string') {
    if (door) return door.enter(given.once, now);
    throw new CustodyError('TOKEN_INVALID', 'This gateway lets nobody in by a link.');
  }
  throw new CustodyError('REQUEST_REFUSED', 'A log-in is a JSON object with a token.');
}

const tooLarge = (): never => {
  throw new CustodyError('REQUEST_REFUSED', `A log-in has at most ${LARGEST} bytes.`);
};
