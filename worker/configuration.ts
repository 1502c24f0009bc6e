import type { Configuration } from '../activities/deps.ts';
import type { OperatorConfig } from '../config/operator.ts';
import { tighten } from '../config/overrides.ts';
import { serverConfigHash, toolRule } from '../config/tool-rules.ts';
import { digestOf } from '../session/digest.ts';
import { CustodyError } from '../session/errors.ts';
import type { Json } from '../session/json.ts';

/** The operator's file, as activities ask it. */
export function configurationOf(config: OperatorConfig): Configuration {
  const hashes = new Map(Object.keys(config.servers).map((server) => [server, serverConfigHash(config, server)]));
  return {
    governance(name, overrides) {
      const profile = Object.hasOwn(config.profiles, name) ? config.profiles[name] : undefined;
      if (!profile) throw new CustodyError('UNKNOWN_PROFILE', `custody.yaml of this worker has no profile '${name}'; it has ${Object.keys(config.profiles).join(', ') || 'none'}.`);
      const governance = tighten(profile.governance, overrides);
      return { governance, hash: digestOf(governance as unknown as Json) };
    },
    serverHash: (server) => hashes.get(server),
    toolRule: (server, tool) => toolRule(config, server, tool),
    trustsAnnotations: (server) => config.servers[server]?.trustAnnotations === true,
  };
}
