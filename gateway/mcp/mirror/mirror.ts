import { setTimeout as delay } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import type { SessionHandle } from '../../../client/index.ts';
import type { ServerPin } from '../../../protocol/calls/call.ts';
import { isObject, type JsonObject } from '../../../protocol/values/json.ts';
import { fit, type Kind } from './fit.ts';
import { KINDS, type ListMethod, listAll, mayList } from './listing.ts';
import { namesOf, type Offer } from './names.ts';
import { isAsPinned, keyOf, type Pins, toolNames } from './pins.ts';
import { fitsTemplate } from './template.ts';
import { endedRefusal } from '../own/ended.ts';
import { undescribed } from '../own/ownTools.ts';
import type { Refusal } from '../../../protocol/errors.ts';

/** How often a session that is being opened is looked at, in milliseconds. */
const OPENING = 200;
/** Remarks that are known to have been made; a listing makes them each time. */
const REMARKS = 1000;

interface Listed {
  readonly server: string;
  readonly items: readonly JsonObject[];
}

/**
 * What the servers of a session offer, as one server would: the tools that the session pinned, their resources and
 * prompts.
 */
export class Mirror {
  readonly #session: SessionHandle;
  readonly #life: AbortSignal;
  readonly #onTrouble: (message: string) => void;
  readonly #remarks = new LRUCache<string, true>({ max: REMARKS });
  #pins: Promise<Pins> | undefined;
  #over: Refusal | undefined;
  /** Definitions by server, as of the pins that are the key. */
  readonly #definitions = new Map<string, { readonly key: string; readonly tools: Promise<readonly JsonObject[]> }>();

  /**
   * @param life ends what several requests wait for together
   * @param onTrouble hears of a server that could not be listed, which hides nothing that the others have
   */
  constructor(session: SessionHandle, life: AbortSignal, onTrouble: (message: string) => void) {
    this.#session = session;
    this.#life = life;
    this.#onTrouble = onTrouble;
  }

  /**
   * What the session pinned, once its servers are open; as far as that is known of one that has ended. Fails with
   * NO_WORKER.
   */
  pins(): Promise<Pins> {
    this.#pins ??= this.#readPins().catch((error: unknown) => {
      this.#pins = undefined;
      throw error;
    });
    return this.#pins;
  }

  /** The session may have pinned its tools anew. True if it has. */
  async refresh(): Promise<boolean> {
    const before = await this.#pins?.catch(() => undefined);
    this.#pins = undefined;
    const now = await this.pins();
    return before !== undefined && keyOf(before) !== keyOf(now);
  }

  /** A pinned tool by the name that it has here. */
  async toolNamed(name: string): Promise<Offer | undefined> {
    const known = toolNames(await this.pins()).get(name);
    if (known) return known;
    await this.refresh();
    return toolNames(await this.pins()).get(name);
  }

  /**
   * The definitions of the pinned tools, under the names that they have here; those that changed since are left out.
   */
  async tools(): Promise<readonly object[]> {
    const pins = await this.pins();
    if (this.#over) return this.undescribed();
    return this.#described(pins).catch(async (error: unknown) => {
      // It may have ended since its pins were read.
      await this.refresh();
      if (this.#over) return this.undescribed();
      throw error;
    });
  }

  async #described(pins: Pins): Promise<readonly object[]> {
    const listed = await this.#fromEach(pins, (server) => this.#definitionsOf(server, pins[server] as ServerPin));
    const definitions = new Map(
      listed.flatMap(({ server, items }) => items.map((tool) => [`${server}.${String(tool.name)}`, tool] as const)),
    );
    return [...toolNames(pins)].flatMap(([name, offer]) => {
      const definition = definitions.get(`${offer.server}.${offer.name}`);
      return definition ? [{ ...definition, name }] : [];
    });
  }

  /** The pinned tools without their definitions: what is known while no server can be asked. */
  async undescribed(): Promise<readonly object[]> {
    const names = toolNames(await this.pins());
    return [...names.keys()].map((name) => undescribed(name, this.#over !== undefined));
  }

  /** Why no call of the session is taken any more; undefined while it lives. */
  async ended(): Promise<Refusal | undefined> {
    await this.pins();
    return this.#over;
  }

  /** The output schema that a tool declares, as far as a client was told of one. */
  async outputSchemaOf({ server, name }: Offer): Promise<JsonObject | undefined> {
    const tools = await this.#definitions.get(server)?.tools.catch(() => []);
    const schema = tools?.find((tool) => tool.name === name)?.outputSchema;
    return isObject(schema) ? (schema as JsonObject) : undefined;
  }

  async prompts(signal: AbortSignal): Promise<readonly JsonObject[]> {
    return [...(await this.#prompts(signal))].map(([name, { definition }]) => ({ ...definition, name }));
  }

  async promptNamed(name: string, signal: AbortSignal): Promise<Offer | undefined> {
    return (await this.#prompts(signal)).get(name);
  }

  /** Resources or their templates; of two servers that list one URI the first in the session's spec has it. */
  async resources(
    method: 'resources/list' | 'resources/templates/list',
    signal: AbortSignal,
  ): Promise<readonly JsonObject[]> {
    const key = method === 'resources/list' ? 'uri' : 'uriTemplate';
    const byUri = new Map<unknown, JsonObject>();
    for (const { items } of await this.#list(method, signal))
      for (const item of items) if (!byUri.has(item[key])) byUri.set(item[key], item);
    return [...byUri.values()];
  }

  /**
   * The servers that may have a resource, the likeliest first: those that list it, those whose templates it fits, those
   * that have resources at all.
   */
  async serversFor(uri: string, signal: AbortSignal): Promise<readonly string[]> {
    const servers = Object.keys(await this.pins());
    if (servers.length < 2) return servers;
    const [listed, templates] = await Promise.all([
      this.#list('resources/list', signal),
      this.#list('resources/templates/list', signal),
    ]);
    const owners = listed.filter(({ items }) => items.some((item) => item.uri === uri));
    const fitting = templates.filter(({ items }) =>
      items.some(
        ({ uriTemplate }) => typeof uriTemplate === 'string' && (uriTemplate === uri || fitsTemplate(uriTemplate, uri)),
      ),
    );
    return [...new Set([...owners, ...fitting, ...listed].map(({ server }) => server))];
  }

  async #prompts(signal: AbortSignal): Promise<ReadonlyMap<string, Offer & { readonly definition: JsonObject }>> {
    const listed = await this.#list('prompts/list', signal);
    const offers = listed.flatMap(({ server, items }) =>
      items.flatMap((definition) =>
        typeof definition.name === 'string' ? [{ server, name: definition.name, definition }] : [],
      ),
    );
    return namesOf(offers, Object.keys(await this.pins()).length === 1);
  }

  async #list(method: ListMethod, signal: AbortSignal): Promise<readonly Listed[]> {
    const all = await this.pins();
    if (this.#over) return [];
    const pins = Object.entries(all).filter(([, pin]) => mayList(pin, method));
    return this.#fromEach(Object.fromEntries(pins), async (server) => {
      const items = await this.#listAll(server, method, signal);
      return items && this.#fit(server, KINDS[method], items);
    });
  }

  #listAll(server: string, method: ListMethod, signal: AbortSignal): Promise<readonly JsonObject[] | null> {
    return listAll(this.#session, server, method, signal, (problem) => this.#remark(server, problem));
  }

  /** The definitions of a server as clients take them. */
  async #fit(server: string, kind: Kind, items: readonly JsonObject[]): Promise<readonly JsonObject[]> {
    const fitting = items.map((item) => fit(kind, item, (problem) => this.#remark(server, problem)));
    return (await Promise.all(fitting)).flatMap((item) => (item ? [item] : []));
  }

  #remark(server: string, problem: string): void {
    const remark = `MCP server '${server}': ${problem}`;
    if (!this.#remarks.has(remark)) this.#onTrouble(remark);
    this.#remarks.set(remark, true);
  }

  /** What each server answers, in the order of the session's spec. Fails only where none answered. */
  async #fromEach(
    pins: Pins,
    ask: (server: string) => Promise<readonly JsonObject[] | null>,
  ): Promise<readonly Listed[]> {
    const servers = Object.keys(pins);
    const answers = await Promise.allSettled(servers.map(ask));
    const failures = answers.filter((each) => each.status === 'rejected');
    if (failures.length > 0 && failures.length === servers.length) throw failures[0]?.reason;
    for (const { reason } of failures) this.#onTrouble(reason instanceof Error ? reason.message : String(reason));
    return answers.flatMap((each, index) =>
      each.status === 'fulfilled' && each.value ? [{ server: servers[index] as string, items: each.value }] : [],
    );
  }

  /** Listed once for each pinning: a tool whose definition is not the pinned one could not be called. */
  #definitionsOf(server: string, pin: ServerPin): Promise<readonly JsonObject[]> {
    const key = keyOf({ [server]: pin });
    const known = this.#definitions.get(server);
    if (known?.key === key) return known.tools;
    const tools = this.#listAll(server, 'tools/list', this.#life).then((items) =>
      this.#fit(
        server,
        'tool',
        (items ?? []).filter((tool) => isAsPinned(tool, pin)),
      ),
    );
    this.#definitions.set(server, { key, tools });
    tools.catch(() => {
      if (this.#definitions.get(server)?.tools === tools) this.#definitions.delete(server);
    });
    return tools;
  }

  async #readPins(): Promise<Pins> {
    for (;;) {
      const view = await this.#session.describe();
      this.#over = endedRefusal(view);
      if (this.#over)
        return this.#session.pins().catch(() => {
          this.#pins = undefined;
          return {};
        });
      if (view.state !== 'INIT') return this.#session.pins();
      await delay(OPENING, undefined, { signal: this.#life });
    }
  }
}
