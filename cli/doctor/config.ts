import { access } from 'node:fs/promises';
import { loadOperatorConfig, type OperatorConfig } from '../../config/operator.ts';
import { loadPrincipals } from '../../config/principals.ts';
import { CustodyError } from '../../protocol/errors.ts';
import { counted } from '../../protocol/values/text.ts';
import { storeFolder } from '../../store/location.ts';
import { type ClosedServer, lookAt, type LookedServer } from '../servers/look.ts';
import { type Check, fail, note, ok, warn } from './check.ts';
import { checkDeployment } from './deployment.ts';
import { checkPolicies } from './policies.ts';
import { checkStore } from './store.ts';
import { checkTelemetry } from './telemetry.ts';

const DEFAULT = './custody.yaml';

/**
 * The operator's file, its servers, which are opened, and the payload store. Secrets are looked for, and never shown.
 *
 * @param path ./custody.yaml by default, which need not be there
 * @param store folder of the payload store that goes before all others
 */
export async function checkConfig(path: string | undefined, store: string | undefined): Promise<Check[]> {
  const clients = storeFolder(store);
  if (path === undefined && !(await exists(DEFAULT)))
    return [
      note(
        'configuration',
        `no ${DEFAULT} here`,
        'Needed where a worker runs: --config FILE, or `custody init` for files to begin with.',
      ),
      await checkStore(clients, clients),
    ];
  try {
    const config = await loadOperatorConfig(path ?? DEFAULT);
    const [servers, profiles] = [Object.keys(config.servers), Object.keys(config.profiles)];
    const looked = await lookAt(config);
    return [
      ok('configuration', `${path ?? DEFAULT}: ${counted(servers.length, 'server')}, profiles ${profiles.join(', ')}`),
      await checkIdentity(config),
      await checkDeployment(config),
      ...looked.map(checkServer),
      ...checkPolicies(config, looked),
      await checkTelemetry(config),
      await checkStore(storeFolder(store ?? config.store?.folder), clients),
    ];
  } catch (error) {
    if (!(error instanceof CustodyError)) throw error;
    return [fail('configuration', error.message, error.remedy), await checkStore(clients, clients)];
  }
}

/** Who can be proven. What is wrong with the list was found as the configuration was loaded. */
async function checkIdentity({ principals: path }: OperatorConfig): Promise<Check> {
  if (path === undefined)
    return note(
      'identity',
      'no list of principals: every actor is claimed',
      'Where actors must be proven, name one with identity.principals in custody.yaml; see docs/identity.md.',
    );
  const { principals } = await loadPrincipals(path);
  return ok('identity', `${path}: ${counted(Object.keys(principals).length, 'principal')}`);
}

/** A server as a worker here would find it. */
function checkServer(looked: LookedServer | ClosedServer): Check {
  const title = `server ${looked.server}`;
  if ('error' in looked) return fail(title, looked.error.message, looked.error.remedy);
  const { protocolVersion, tools, leftOut, misfits } = looked;
  const detail = `MCP ${protocolVersion}, ${counted(tools.length, 'tool')}`;
  const problems = [...leftOut.map(({ name, why }) => `Left out is ${name || 'a tool'}: ${why}.`), ...misfits];
  return problems.length === 0
    ? ok(title, detail)
    : warn(title, [detail, ...problems].join('; '), 'Mend the definition at the server, or the rule in custody.yaml.');
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
