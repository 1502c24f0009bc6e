import { DEFAULTS, type Governance } from '../protocol/governance.ts';
import { formatDuration } from '../protocol/values/duration.ts';
import { isObject } from '../protocol/values/json.ts';

/** What is wrong between keys of a profile, at the key that is to change. */
export interface Senseless {
  readonly path: readonly [block: string, key: string];
  readonly message: string;
}

type Patch = { readonly [B in keyof Governance]?: Partial<Governance[B]> };

/**
 * Combinations of keys of a profile of which one could never have an effect. Only what is written is found fault with:
 * a default that meets no use harms nobody.
 *
 * @param patch blocks that have problems of their own may be anything
 */
export function senseless(patch: Patch): readonly Senseless[] {
  const of = <B extends keyof Governance>(block: B): Partial<Governance[B]> =>
    isObject(patch[block]) ? (patch[block] as Partial<Governance[B]>) : {};
  const [session, onTimeout, cost, onCostAlert] = [of('session'), of('onTimeout'), of('cost'), of('onCostAlert')];
  const found: Senseless[] = [];
  const timeout = session.timeout ?? DEFAULTS.session.timeout;
  const { idleTimeout, gracePeriod } = session;
  if (typeof idleTimeout === 'number' && idleTimeout >= timeout)
    found.push({
      path: ['session', 'idleTimeout'],
      message: `must be shorter than the timeout of ${formatDuration(timeout)}, or it never comes first; or write off`,
    });
  const waits = onTimeout.pause ?? true;
  if (gracePeriod !== undefined && gracePeriod > 0 && !waits && !onTimeout.rollback)
    found.push({
      path: ['session', 'gracePeriod'],
      message: 'never begins: with onTimeout.pause: false the session ends at its deadline; leave one of the two out',
    });
  const alerts = cost.costAlert ?? false;
  if (alerts !== false && cost.budgetLimit === undefined)
    found.push({
      path: ['cost', 'costAlert'],
      message: 'is a share of cost.budgetLimit, which is not set; set a limit, or leave the alert out',
    });
  if (cost.autoScale && !onCostAlert.scaleDown)
    found.push({
      path: ['cost', 'autoScale'],
      message: 'raises again what onCostAlert.scaleDown lowered, which is not true; write both, or neither',
    });
  const [wanted] = Object.entries(onCostAlert).find(([, value]) => value) ?? [];
  if (wanted !== undefined && alerts === false)
    found.push({
      path: ['onCostAlert', wanted],
      message: 'follows from an alert, and there is none; write cost.costAlert: true, or leave it out',
    });
  return found;
}
