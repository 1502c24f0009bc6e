import type { Slots } from '../activities/deps.ts';

/** So many slots, which are all of one kind: whoever comes while none is free is told so, and does not wait. */
export function slotsOf(count: number): Slots {
  let free = count;
  return {
    count,
    take() {
      if (free === 0) return undefined;
      free -= 1;
      let taken = true;
      return () => {
        if (taken) free += 1;
        taken = false;
      };
    },
  };
}
