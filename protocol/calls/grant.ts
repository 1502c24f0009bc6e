import { digestOf } from '../values/digest.ts';
import type { JsonObject } from '../values/json.ts';
import type { Intent } from './call.ts';

/** Did persons approve a call, with these arguments, of this tool as it is, under these rules, a short while ago? */
export function isGranted({ grant, toolHash, policy }: Intent, args: JsonObject): boolean {
  if (!grant || !policy || grant.expiresAt <= policy.at) return false;
  return grant.args === digestOf(args) && grant.toolHash === toolHash && grant.set === policy.set;
}
