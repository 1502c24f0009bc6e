import type { Event } from '../events.ts';
import type { Binding, HeldLease } from './binding.ts';

/**
 * A server is held by a worker from now on, as the next generation of it.
 *
 * @param lease null where the server has no state of the session (any more)
 */
export function bind(before: Binding | undefined, server: string, lease: HeldLease | null): Event {
  if (lease === null) return { type: 'unbound', server };
  const { holder: worker, ...rest } = lease;
  const generation = (before?.generation ?? 0) + 1;
  return { type: 'bound', server, worker, lease: rest, generation, why: before?.why ?? '' };
}
