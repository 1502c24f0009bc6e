import type { OperatorConfig } from '../../config/operator.ts';
import { counted } from '../../protocol/values/text.ts';
import { catalogFor } from '../policy/catalog.ts';
import { checkProfile, findingLine, hasErrors } from '../policy/check.ts';
import type { ClosedServer, LookedServer } from '../servers/look.ts';
import { type Check, fail, note, ok, warn } from './check.ts';

/** The rules of each profile, held against the servers as they were found. */
export function checkPolicies(config: OperatorConfig, looked: readonly (LookedServer | ClosedServer)[]): Check[] {
  const catalog = catalogFor(config, looked);
  return Object.keys(config.profiles).map((profile) => {
    const title = `rules of profile ${profile}`;
    const document = config.policies[profile];
    if (!document)
      return note(
        title,
        "none: everything that the session's tools allow is allowed",
        'Name rules under `policies` in custody.yaml, where calls are to be decided.',
      );
    const check = checkProfile(profile, document, catalog);
    const trial = document.mode === 'log-only' ? ', on trial: nothing is denied' : '';
    const rest = document.default === 'allow' ? 'allowed' : 'denied';
    const detail = `${counted(check.rules, 'rule')}, and what no rule speaks for is ${rest}${trial}`;
    if (check.findings.length === 0) return ok(title, detail);
    const lines = [detail, ...check.findings.map(findingLine)].join('\n      ');
    return (hasErrors(check) ? fail : warn)(title, lines, 'Mend the lines; `custody policy check` looks again.');
  });
}
