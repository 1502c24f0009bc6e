import type { ServerPin } from '../../../protocol/calls/call.ts';
import { digestOf } from '../../../protocol/values/digest.ts';
import type { JsonObject } from '../../../protocol/values/json.ts';
import { OWN_TOOLS } from '../own/ownTools.ts';
import { namesOf, type Offer } from './names.ts';

/** What a session pinned, by server. */
export type Pins = { readonly [server: string]: ServerPin };

/** Tells pins from others, by what was pinned and not by when. */
export const keyOf = (pins: Pins): string =>
  JSON.stringify(
    Object.entries(pins).map(([server, { configHash, tools }]) => [
      server,
      configHash,
      Object.entries(tools).map(([name, { hash }]) => [name, hash]),
    ]),
  );

/** Is the definition that a server lists the pinned one? */
export const isAsPinned = (tool: JsonObject, { tools }: ServerPin): boolean =>
  typeof tool.name === 'string' && Object.hasOwn(tools, tool.name) && tools[tool.name]?.hash === digestOf(tool);

/** The pinned tools by the names that they have for a client. */
export const toolNames = (pins: Pins): ReadonlyMap<string, Offer> =>
  namesOf(
    Object.entries(pins).flatMap(([server, { tools }]) => Object.keys(tools).map((name) => ({ server, name }))),
    Object.keys(pins).length === 1,
    OWN_TOOLS.map(({ name }) => name),
  );
