import { once } from 'node:events';
import type { Server } from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import { setTimeout as delay } from 'node:timers/promises';
import { createAdaptorServer } from '@hono/node-server';
import type { Inspect } from '../api/inspect.ts';
import type { Meter } from '@opentelemetry/api';
import type { Custody } from '../../client/custody.ts';
import type { GatewayConfig } from '../../config/serve/schema.ts';
import type { Tokens } from '../auth/bearer.ts';
import { Limits } from '../auth/limits.ts';
import { Sessions } from '../auth/sessions.ts';
import { Opener } from '../open/opener.ts';
import { Specs } from '../open/specs.ts';
import { Seals } from '../auth/seals.ts';
import { GatewayMetrics } from '../../telemetry/gateway.ts';
import { Cookies } from '../console/cookies.ts';
import type { Door } from '../console/door.ts';
import { createApp } from './app.ts';
import { followCertificate, readCertificate, type TlsFiles } from './certificate.ts';
import { Endpoints } from './endpoints.ts';
import { guardOf, type GuardOptions, isLocalName } from './guard.ts';
import { METADATA, metadataOf } from './metadata.ts';
import { Room } from './room.ts';

export interface ServeOptions extends GuardOptions {
  readonly host: string;
  /** 0 is any free one. */
  readonly port: number;
  readonly custody: Custody;
  readonly version: string;
  readonly tokens: Tokens;
  /** Names of the identity providers whose tokens are taken; they need `url`. */
  readonly issuers?: readonly string[];
  /** The same in every process of the gateway; one of this process alone where there is none. */
  readonly secret?: string | undefined;
  /** Lets whoever started the process in to the console. */
  readonly door?: Door | undefined;
  readonly requestsPerMinute: number;
  readonly sessionsPerHour: number;
  /** See `GatewayConfig`; its paths are absolute. */
  readonly agents: GatewayConfig['agents'];
  /** It speaks TLS itself. */
  readonly tls?: TlsFiles | undefined;
  /** Where what is counted goes, and how it is read; nothing is counted without. */
  readonly metrics?: { readonly meter: Meter; readonly read: () => Promise<string> } | undefined;
  readonly parkAfter: number | undefined;
  readonly inspect: Inspect;
  readonly onRefused: (address: string, why: string) => void;
  readonly onTrouble: (message: string) => void;
  /** Milliseconds between two looks at the files of `tls`. */
  readonly tlsEvery?: number;
  /** Milliseconds in which a request has to have come whole. */
  readonly patience?: number;
}

/** Connections, idle ones among them; further ones are closed as they come. */
const CONNECTIONS = 10_000;
/** Requests at once, of all clients: each may wait for minutes, and holds what it asked until then. */
const REQUESTS = 2048;
/** Streams on which clients hear of changes. */
const STREAMS = 1024;
const PATIENCE = 30_000;
/** How long an idle connection is kept: longer than load balancers keep theirs. */
const IDLE = 75_000;
/** How often connections are looked at, and how long what is under way may take as it stops, all in milliseconds. */
const LOOK = 1000;
const LAST = 10_000;

/** The gateway over HTTP. What it holds can be lost at any time: calls are the sessions'. */
export interface HttpGateway {
  readonly port: number;
  /** Lets nobody in, has those who wait told to come again, and ends once all have their answers. */
  close(): Promise<void>;
}

/** @throws Error where the port cannot be had */
export async function serveHttp(options: ServeOptions): Promise<HttpGateway> {
  const { host, port, custody, version, tokens, parkAfter, patience = PATIENCE, onTrouble } = options;
  const { url, issuers = [], secret, tls, metrics, door, isLocal } = options;
  const stopping = new AbortController();
  const seals = new Seals(secret);
  const room = new Room(REQUESTS);
  const streams = new Room(STREAMS);
  const certificate = tls && (await readCertificate(tls));
  const endpoints = new Endpoints({
    custody,
    version,
    seals,
    parkAfter,
    hurry: stopping.signal,
    onTrouble,
  });
  const limits = new Limits(options);
  const specs = new Specs(options.agents, onTrouble);
  const app = createApp({
    custody,
    guard: guardOf(options),
    tokens,
    login:
      url === undefined || issuers.length === 0
        ? undefined
        : { metadata: metadataOf(url, issuers), at: `${url}${METADATA}/mcp` },
    limits,
    sessions: new Sessions(custody),
    people: {
      cookies: new Cookies({
        seals,
        isPlain: ({ protocol, hostname }) => isLocal && protocol === 'http:' && isLocalName(hostname),
      }),
      door,
    },
    endpoints,
    opener: new Opener({ custody, specs, endpoints, limits, version, onTrouble }),
    room,
    streams,
    hurry: stopping.signal,
    inspect: options.inspect,
    parkAfter,
    metrics: metrics && {
      counts: new GatewayMetrics(metrics.meter, () => ({ requests: room.inside, streams: streams.inside })),
      read: metrics.read,
    },
    isReady: async () => !room.isClosed && (await answers(custody)),
    onRefused: options.onRefused,
    onTrouble,
  });
  const serverOptions = {
    requestTimeout: patience,
    headersTimeout: patience,
    connectionsCheckingInterval: Math.min(LOOK, patience),
    keepAliveTimeout: IDLE,
    ...certificate,
  };
  const server = createAdaptorServer({
    fetch: app.fetch,
    ...(certificate ? { createServer: createTlsServer, serverOptions } : { serverOptions }),
  }) as Server | TlsServer;
  const stopFollowing =
    tls && certificate
      ? followCertificate(tls, certificate, {
          onChanged: (next) => (server as TlsServer).setSecureContext(next),
          onTrouble,
          every: options.tlsEvery,
        })
      : undefined;
  server.maxConnections = CONNECTIONS;
  server.listen(port, host);
  await once(server, 'listening');
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    async close() {
      const closed = once(server, 'close');
      stopFollowing?.();
      const empty = room.close();
      stopping.abort();
      server.close();
      server.closeIdleConnections();
      await Promise.race([empty, delay(LAST, undefined, { ref: false })]);
      // Streams on which nothing is asked end by this alone.
      server.closeAllConnections();
      endpoints.close();
      await closed;
    },
  };
}

/** Does Temporal answer? */
const answers = ({ temporal: { connection } }: Custody): Promise<boolean> =>
  connection
    .withDeadline(Date.now() + LOOK, () => connection.workflowService.getSystemInfo({}))
    .then(
      () => true,
      () => false,
    );
