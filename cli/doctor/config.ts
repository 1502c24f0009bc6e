import { access, constants, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join, resolve } from 'node:path';
import { loadOperatorConfig, type OperatorConfig } from '../../config/operator.ts';
import { resolveValue } from '../../config/secrets.ts';
import type { ServerConfig } from '../../config/schema/server.ts';
import { CustodyError } from '../../protocol/errors.ts';
import { storeFolder } from '../../store/location.ts';
import { type Check, fail, note, ok } from './check.ts';
import { checkStore } from './store.ts';

const DEFAULT = './custody.yaml';

/**
 * The operator's file and what it refers to, and the payload store. Secrets are looked for, and never shown.
 *
 * @param path ./custody.yaml by default, which need not be there
 * @param store folder of the payload store that goes before all others
 */
export async function checkConfig(path: string | undefined, store: string | undefined): Promise<Check[]> {
  const clients = storeFolder(store);
  if (path === undefined && !(await exists(DEFAULT)))
    return [
      note('configuration', `no ${DEFAULT} here`, 'Needed where a worker runs: --config FILE.'),
      await checkStore(clients, clients),
    ];
  try {
    const config = await loadOperatorConfig(path ?? DEFAULT);
    const servers = Object.entries(config.servers);
    return [
      ok(
        'configuration',
        `${path ?? DEFAULT}: ${servers.length} servers, profiles ${Object.keys(config.profiles).join(', ') || 'none'}`,
      ),
      ...(await Promise.all(servers.map(([name, server]) => checkServer(name, server, config)))),
      await checkStore(storeFolder(store ?? config.store?.folder), clients),
    ];
  } catch (error) {
    if (!(error instanceof CustodyError)) throw error;
    return [fail('configuration', error.message, error.remedy), await checkStore(clients, clients)];
  }
}

/** Can a worker here start or address this server, with all its secrets? It is not started. */
async function checkServer(name: string, server: ServerConfig, { dir }: OperatorConfig): Promise<Check> {
  const title = `server ${name}`;
  const secrets = server.kind === 'http' ? server.headers : server.env;
  const problems = (
    await Promise.all(
      Object.values(secrets).map((value) =>
        resolveValue(value, dir).then(
          () => [],
          (error: Error) => [error.message],
        ),
      ),
    )
  ).flat();
  if (problems.length > 0) return fail(title, problems.join(' '), 'Set the variable or the file for the worker.');
  if (server.kind === 'http') return ok(title, server.url);
  const path = await findCommand(
    server.command,
    resolve(dir, server.cwd ?? '.'),
    typeof server.env.PATH === 'string' ? server.env.PATH : process.env.PATH,
  );
  return path === undefined
    ? fail(title, `the command '${server.command}' is not found`, 'Install it, or mend `command` in custody.yaml.')
    : ok(title, path);
}

/** As the system looks a command up: a path as it stands, a name on the PATH. */
async function findCommand(command: string, cwd: string, path = ''): Promise<string | undefined> {
  const candidates = command.includes('/')
    ? [isAbsolute(command) ? command : join(cwd, command)]
    : path.split(delimiter).map((folder) => join(folder, command));
  for (const candidate of candidates) if (await isProgram(candidate)) return candidate;
  return undefined;
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

const isProgram = (path: string): Promise<boolean> =>
  access(path, constants.X_OK)
    .then(() => stat(path))
    .then(
      (found) => found.isFile(),
      () => false,
    );
