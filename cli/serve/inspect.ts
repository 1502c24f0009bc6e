import { LRUCache } from 'lru-cache';
import type { Custody } from '../../client/custody.ts';
import type { OperatorConfig } from '../../config/operator.ts';
import type { Inspect } from '../../gateway/api/inspect.ts';
import type { Json } from '../../protocol/values/json.ts';
import { checkCompleteness } from '../audit/check.ts';
import { runsOf } from '../audit/given.ts';
import { catalogFor } from '../policy/catalog.ts';
import { coverProfile } from '../policy/cover.ts';
import { explain } from '../policy/explain.ts';
import { recordedSession } from '../policy/history.ts';
import { lookAt } from '../servers/look.ts';

/** Milliseconds for which what servers list is taken for what they list. */
const KEPT = 5 * 60_000;

/** What the API looks up by the rules, servers and principals of this operator file. */
export function inspector(config: OperatorConfig): Inspect {
  // Servers are opened once, however many ask.
  const covers = new LRUCache<string, Promise<Json>>({ max: 1, ttl: KEPT });
  const principals = config.principals === undefined ? [] : [config.principals];
  return {
    async check(custody, session) {
      const { namespace } = custody.temporal.options;
      const runs = await runsOf(custody, session);
      return checkCompleteness(runs, custody.payloads, { namespace, principals, replay: false });
    },
    explain: async (custody: Custody, session, callId) =>
      asJson(await explain(await recordedSession(custody, session), callId)) as readonly Json[],
    coverage() {
      const known = covers.get('all') ?? coverageOf(config);
      covers.set('all', known, { noUpdateTTL: true });
      known.catch(() => covers.delete('all'));
      return known;
    },
  };
}

async function coverageOf(config: OperatorConfig): Promise<Json> {
  const looked = await lookAt(config);
  const catalog = catalogFor(config, looked);
  const profiles = Object.keys(config.profiles).map((each) => coverProfile(each, config.policies[each], catalog));
  const closed = looked.flatMap((each) => ('error' in each ? [{ server: each.server, why: each.error.message }] : []));
  return asJson({ profiles, closed });
}

/** As the CLI prints it. */
const asJson = (value: object): Json => JSON.parse(JSON.stringify(value)) as Json;
