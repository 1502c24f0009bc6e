import type { Fact } from '../../../session/facts.ts';
import { governanceOf, openedOf, type Patch, World } from '../world.ts';

/** The servers of a session are open whose profile is from before there were reviews. */
export function oldOpened(patch: Patch = {}): Fact {
  const { reviews: _, ...governance } = governanceOf(patch);
  return { ...openedOf(), governance } as Fact;
}

/** A session that opened then. */
export const oldWorld = (patch: Patch = {}): World => new World().do(oldOpened(patch));
