import fc from 'fast-check';
import type { OutsideCommand } from '../../../../protocol/commands.ts';
import { HOUR } from '../../world.ts';
import { command, pick, record } from '../arbitraries.ts';
import type { Guards } from './guards.ts';

/** Somebody decides what is asked, or tries to. */
export interface Decides {
  readonly do: 'decides';
  readonly pick: number;
  /** Null is somebody who can. */
  readonly by: string | null;
  readonly how: 'approve' | 'reject' | 'edit' | 'forged' | 'late';
  /** Comes right before it, in the same workflow task, and so long before. */
  readonly first: OutsideCommand | null;
  readonly after: number;
}

/** Most calls need nobody, some one person and some two. */
export const GUARDS: Guards = { irreversible: 2, compensable: 1, idempotent: 1 };

/** Somebody decides what is asked. */
export const decision: fc.Arbitrary<Decides> = record({
  do: fc.constant('decides' as const),
  pick,
  by: fc.constantFrom(null, null, 'ann', 'bob', 'cid'),
  how: fc.constantFrom(
    'approve' as const,
    'approve' as const,
    'approve' as const,
    'reject' as const,
    'edit' as const,
    'forged' as const,
    'late' as const,
  ),
  first: fc.option(command, { nil: null, freq: 4 }),
  after: fc.constantFrom(0, 0, 0, HOUR),
});
