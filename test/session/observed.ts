import type { Effect } from '../../protocol/calls/call.ts';
import { callOf, World } from './world.ts';

/** What became of the call `a`. */
export const fate = (world: World): string => world.ended('a')?.outcome ?? world.open('a')?.phase ?? 'gone';

/** A running session with the call `a` under way. */
export const began = (tool: Effect): World => World.running().do(callOf('a', tool));

/** How many records of a kind were written. */
export const notes = (world: World, kind: string): number =>
  world.of('noted').filter((event) => event.kind === kind).length;
