import type { Json } from '../protocol/values/json.ts';
import type { ActivityDeps, Configuration } from './deps.ts';
import { whoStarts } from './identity/prove.ts';
import { asFailure, serverHashOf } from './openServer.ts';
import type { Activities, LoadedProfile, LoadProfile } from './types.ts';

/** Characters of rules that stand in history themselves. */
const INLINE = 16 * 1024;

/**
 * Resolves the profile of a session, checks who starts it, and puts its rules on record: whoever reads the history has
 * them.
 */
export const loadProfile =
  ({ config, payloads, principals, notices }: ActivityDeps): Activities['loadProfile'] =>
  async ({ profile, overrides, servers, start }) => {
    try {
      for (const server of servers) serverHashOf(config, server);
      const { governance, hash: profileHash } = config.governance(profile, overrides);
      const money = config.prices(servers);
      const wanted = notices.kinds.length > 0 ? { notices: notices.kinds } : {};
      const known = {
        money,
        ...wanted,
        ...budgetsOf(config, profile, start),
        ...(await whoStarts({ principals }, governance, start)),
      };
      const rules = config.policy(profile);
      if (!rules) return { governance, profileHash, ...known };
      const { hash, document } = rules;
      const isLong = document.files.reduce((sum, { text }) => sum + text.length, 0) > INLINE;
      const policy = isLong ? { hash, ref: await payloads.put(document as unknown as Json) } : { hash, document };
      return { governance, profileHash, policy, ...known };
    } catch (error) {
      throw asFailure(error);
    }
  };

/** What a session that begins draws on with others. */
function budgetsOf(
  config: Configuration,
  profile: string,
  start: LoadProfile['start'],
): Pick<LoadedProfile, 'budgets'> {
  if (!start) return {};
  const { agent = '', labels = {} } = start;
  const budgets = config.budgetsFor({ agent, profile, labels });
  return budgets.length > 0 ? { budgets } : {};
}
