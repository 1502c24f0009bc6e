import { addProblem, onObjects, pick, type Ctx, pattern } from '../../protocol/fields.ts';
import { duration } from './values.ts';
import type { Schema } from '../../protocol/values/check.ts';
import { ASK_KINDS, type AskKind } from '../../protocol/calls/questions.ts';
import { WHEN_LOST, type WhenLost } from '../../protocol/calls/lease.ts';
import { isObject } from '../../protocol/values/json.ts';
import * as z from 'zod/mini';

/** A value in the file itself, or where the worker finds it when it needs it. Secrets are only ever referred to. */
export type Value = string | SecretReference;

/** Where a secret is found. */
export type SecretReference = { readonly fromEnv: string } | { readonly fromFile: string };

interface Common {
  /** Take the effect of a tool from the annotations that this server sends. */
  readonly trustAnnotations: boolean;
  /** Milliseconds to start or reach the server and list its tools. */
  readonly connectTimeout: number;
  /**
   * What becomes of a session when the server is lost with what it knew of the session. Absent is `reopen`, and no part
   * of the hash.
   */
  readonly whenLost?: WhenLost;
  /** What it may ask of the clients of calls. Absent is forms alone. */
  readonly mayAsk?: readonly AskKind[];
}

/** A program that speaks MCP on its standard input and output. */
export interface StdioServerConfig extends Common {
  readonly kind: 'stdio';
  readonly command: string;
  readonly args: readonly string[];
  readonly env: { readonly [name: string]: Value };
  /** As written; relative to the folder of custody.yaml, which is also the default. */
  readonly cwd?: string;
  /** It keeps nothing between calls: one process of a worker serves all sessions. Absent is a process for each. */
  readonly shared?: true;
}

/** An MCP server behind a URL (Streamable HTTP). */
export interface HttpServerConfig extends Common {
  readonly kind: 'http';
  readonly url: string;
  readonly headers: { readonly [name: string]: Value };
}

export type ServerConfig = StdioServerConfig | HttpServerConfig;

/** Milliseconds; starting a package with npx can take some seconds. */
const CONNECT_TIMEOUT = 30_000;

/** Names of variables, headers and query parameters whose values are secrets. */
const SECRET = /authorization|cookie|token|secret|key|passw|credential/i;

const VARIABLE = /^[a-z_][a-z0-9_]*$/i;
const HEADER = /^[\w!#$%&'*+.^`|~-]+$/;
const noControls = (what: string): Schema<string> => pattern(/^[^\p{Cc}]+$/u, `${what}, without line breaks`);

const fromEnv = z.strictObject({ fromEnv: pattern(VARIABLE, 'the name of an environment variable, not its value') });
const fromFile = z.strictObject({ fromFile: noControls('the path of a file') });
export const secretReference: Schema<SecretReference> = pick((given): Schema<SecretReference> | string => {
  if (!isObject(given)) return 'must be { fromEnv: NAME } or { fromFile: PATH }: a secret does not stand in this file';
  if ('fromEnv' in given && 'fromFile' in given) return 'has both fromEnv and fromFile; keep one of them';
  return 'fromFile' in given ? fromFile : fromEnv;
});
const value: Schema<Value> = pick((given): Schema<Value> | string => {
  if (typeof given === 'string')
    return pattern(
      /^[^\p{Cc}]*$/u,
      'text without line breaks; put longer values into a file and refer to it with { fromFile: PATH }',
    );
  return isObject(given) ? secretReference : 'must be text in quotes, { fromEnv: NAME } or { fromFile: PATH }';
});

const values = (form: RegExp, what: string): Schema<Record<string, Value>> =>
  z.record(z.string(), value).check(
    z.superRefine((record, ctx) => {
      for (const [key, given] of Object.entries(record)) {
        if (!form.test(key)) addProblem(ctx, [key], `must be ${what}`, true);
        if (typeof given === 'string' && SECRET.test(key))
          addProblem(
            ctx,
            [key],
            'looks like a secret, and secrets do not stand in this file; write { fromEnv: NAME } or { fromFile: PATH }',
          );
      }
    }, onObjects),
  );

/** Headers of requests: text, and secrets by reference. */
export const headerValues: Schema<Record<string, Value>> = values(HEADER, 'the name of an HTTP header');

const keys = {
  command: z.exactOptional(noControls('a program to start')),
  args: z.exactOptional(z.array(z.string())),
  env: z.exactOptional(values(VARIABLE, 'the name of an environment variable')),
  cwd: z.exactOptional(noControls('the path of a folder')),
  url: z.exactOptional(z.string().check(z.superRefine(checkUrl))),
  headers: z.exactOptional(headerValues),
  trustAnnotations: z._default(z.boolean(), false),
  connectTimeout: z.exactOptional(duration('1s', '10m')),
  whenLost: z.exactOptional(z.enum(WHEN_LOST)),
  shared: z.exactOptional(z.boolean()),
  mayAsk: z.exactOptional(z.array(z.enum(ASK_KINDS))),
};

const ONLY_STDIO = ['args', 'env', 'cwd', 'shared'] as const;

export const serverSchema: Schema<ServerConfig> = z.pipe(
  z.strictObject(keys).check(
    z.superRefine((server, ctx) => {
      const has = (key: string): boolean => Object.hasOwn(server, key);
      if (has('command') && has('url'))
        addProblem(ctx, [], 'has both command and url; a server is either started or reached, so keep one of them');
      else if (!has('command') && !has('url'))
        addProblem(ctx, [], 'needs "command" (a program to start) or "url" (an HTTP server to reach)');
      else if (has('command') && has('headers'))
        addProblem(ctx, ['headers'], 'belongs to a server with a url; a program gets its settings through env', true);
      else if (has('url'))
        for (const key of ONLY_STDIO.filter(has))
          addProblem(ctx, [key], 'belongs to a server with a command; leave it out', true);
      if (server.shared === true && has('command') && has('whenLost'))
        addProblem(
          ctx,
          ['whenLost'],
          'is for a server that keeps state for a session; one that is shared keeps none',
          true,
        );
    }, onObjects),
  ),
  z.transform(
    ({
      command,
      args,
      env,
      cwd,
      url,
      headers,
      trustAnnotations,
      connectTimeout = CONNECT_TIMEOUT,
      whenLost,
      shared,
      mayAsk,
    }): ServerConfig => {
      const common = {
        trustAnnotations,
        connectTimeout,
        ...(whenLost !== undefined && { whenLost }),
        ...(mayAsk !== undefined && { mayAsk }),
      };
      return url !== undefined
        ? { kind: 'http', url, headers: headers ?? {}, ...common }
        : {
            kind: 'stdio',
            command: command ?? '',
            args: args ?? [],
            env: env ?? {},
            ...(cwd !== undefined && { cwd }),
            ...(shared && { shared }),
            ...common,
          };
    },
  ),
);

/** The text of a URL is never repeated in a message: it may hold credentials. */
function checkUrl(url: string, ctx: Ctx): void {
  if (!URL.canParse(url))
    return addProblem(ctx, [], 'is not a URL; write it in full, such as "https://example.com/mcp"');
  const { protocol, username, password, searchParams } = new URL(url);
  if (protocol !== 'http:' && protocol !== 'https:') addProblem(ctx, [], 'must begin with http:// or https://');
  if (username || password || [...searchParams.keys()].some((key) => SECRET.test(key))) {
    addProblem(
      ctx,
      [],
      'holds credentials; leave them out and give them by reference under headers, such as { Authorization: { ' +
        'fromEnv: NAME } }',
    );
  }
}
