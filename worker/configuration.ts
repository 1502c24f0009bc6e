import { policyHash } from '../cedar/policy.ts';
import type { Configuration } from '../activities/deps.ts';
import { budgetsIn } from './budgets.ts';
import type { OperatorConfig } from '../config/operator.ts';
import { tighten } from '../config/overrides.ts';
import { profileHash } from '../config/profile-hash.ts';
import { serverConfigHash, toolRule } from '../config/tool-rules.ts';
import { bookHash, pinnedFor } from '../protocol/money/prices.ts';
import { CustodyError } from '../protocol/errors.ts';

/** The operator's file, as activities ask it. */
export function configurationOf(config: OperatorConfig): Configuration {
  const rules = new Map(
    Object.entries(config.policies).map(([profile, document]) => [profile, { hash: policyHash(document), document }]),
  );
  const hashes = new Map(Object.keys(config.servers).map((server) => [server, serverConfigHash(config, server)]));
  const prices = bookHash(config.prices);
  return {
    governance(name, overrides) {
      const profile = Object.hasOwn(config.profiles, name) ? config.profiles[name] : undefined;
      if (!profile)
        throw new CustodyError(
          'UNKNOWN_PROFILE',
          `The configuration of this worker has no profile '${name}'; it has ` +
            `${Object.keys(config.profiles).join(', ') || 'none'}.`,
        );
      const governance = tighten(profile.governance, overrides);
      return { governance, hash: profileHash(governance) };
    },
    policy: (profile) => rules.get(profile),
    prices: (servers) => pinnedFor(config.prices, prices, servers),
    ...budgetsIn(config.budgets),
    serverHash: (server) => hashes.get(server),
    toolRule: (server, tool) => toolRule(config, server, tool),
    whenLost: (server) => config.servers[server]?.whenLost ?? 'reopen',
    trustsAnnotations: (server) => config.servers[server]?.trustAnnotations === true,
  };
}
