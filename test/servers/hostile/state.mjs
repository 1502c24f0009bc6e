import { readOptions } from '../options.mjs';
import { look, poke } from './messages.mjs';

export const { mode, http, target } = readOptions({ mode: 'none', http: '', target: '' });

/** What the server knows and has heard. */
export const state = {
  /** @type {object[]} */
  tools: [poke, look],
  /** Notifications that came in. @type {any[]} */
  heard: [],
  /** @type {number | undefined} */
  grandchild: undefined,
  /** Calls of `poke` that got a nasty result. */
  nasty: 0,
  /** Calls of `poke` that came, over HTTP and as told. */
  pokes: 0,
  /** The call of `poke` that is answered once all was replied to. @type {unknown} */
  pokeId: undefined,
  /** The last HTTP headers. @type {Record<string, any>} */
  headers: {},
  /** Requests for the stream that belongs to no request. */
  gets: 0,
  /** @type {any[]} */
  replies: [],
};
