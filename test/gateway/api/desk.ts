import { expect } from 'vitest';
import { inspector } from '../../../cli/serve/inspect.ts';
import { loadOperatorConfig } from '../../../config/operator.ts';
import { ApiKeys } from '../../../gateway/auth/apiKeys.ts';
import { type HttpGateway, serveHttp, type ServeOptions } from '../../../gateway/http/serve.ts';
import type { Role } from '../../../protocol/identity/standing.ts';
import type { HarnessOptions } from '../../support/harness.ts';
import { bearer, House } from '../http/house.ts';
import { misfitsOf } from './fits.ts';

export interface Said {
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A house whose API is asked over HTTP. */
export class Desk {
  readonly house: House;
  readonly url: string;
  readonly #gateway: HttpGateway;

  private constructor(house: House, gateway: HttpGateway) {
    this.house = house;
    this.#gateway = gateway;
    this.url = `http://127.0.0.1:${gateway.port}/api/v1`;
  }

  static async open(options: HarnessOptions = {}, serve: Partial<ServeOptions> = {}): Promise<Desk> {
    return Desk.before(await House.open(options), serve);
  }

  /** One of a house that is there. */
  static async before(house: House, serve: Partial<ServeOptions> = {}): Promise<Desk> {
    const gateway = await serveHttp({
      host: '127.0.0.1',
      port: 0,
      custody: house.harness.custody,
      version: '1',
      tokens: new ApiKeys(`${house.harness.dir}/tokens.json`),
      url: undefined,
      origins: [],
      isLocal: true,
      requestsPerMinute: 10_000,
      sessionsPerHour: 1000,
      agents: {},
      parkAfter: undefined,
      patience: 3000,
      inspect: inspector(await loadOperatorConfig(house.config)),
      onRefused: () => undefined,
      onTrouble: () => undefined,
      ...serve,
    });
    return new Desk(house, gateway);
  }

  async key(role: Role | readonly Role[], subject = String(role), session?: string): Promise<string> {
    return (await this.house.token({ role: [role].flat(), subject, ...(session === undefined ? {} : { session }) }))
      .token;
  }

  /** What is answered to a request. */
  ask(token: string, path: string, { method = 'GET', body, headers = {} }: Said = {}): Promise<Response> {
    return fetch(`${this.url}${path}`, {
      method,
      headers: { ...bearer(token), ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
  }

  /** The same, and it must be this. */
  async get(token: string, path: string, status = 200): Promise<Record<string, unknown>> {
    return read('GET', path, await this.ask(token, path), status);
  }

  async post(token: string, path: string, body: unknown = {}, status = 200): Promise<Record<string, unknown>> {
    return read('POST', path, await this.ask(token, path, { method: 'POST', body }), status);
  }

  /** Closes it, and leaves the house open. */
  async leave(): Promise<void> {
    await this.#gateway.close();
  }

  async close(): Promise<void> {
    await this.leave();
    await this.house.close();
  }
}

/** An answer that is as the OpenAPI document says. */
async function read(method: string, path: string, response: Response, status: number) {
  const text = await response.text();
  expect(`${response.status} ${text}`).toMatch(new RegExp(`^${status} `));
  const answer = JSON.parse(text) as Record<string, unknown>;
  expect(misfitsOf(method, path, status, answer)).toEqual([]);
  return answer;
}
