import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { nodeOf24, npmFolder } from './install.ts';

const SUITE = '@modelcontextprotocol/conformance@0.2.0-alpha.12';
/** Has every request of the suite show an API key: the suite itself knows no way to say one. */
const LOGGED_IN = fileURLToPath(new URL('./loggedIn.mjs', import.meta.url));

export interface Run {
  readonly passed: boolean;
  readonly said: string;
}

/** MCP's conformance suite, as its package has it. */
export interface Suite {
  /** Revisions by scenario, of those for servers. */
  readonly scenarios: ReadonlyMap<string, readonly string[]>;
  /** Those for servers that a revision requires, as the suite has it fixed. */
  required(revision: string): Promise<ReadonlySet<string>>;
  /** @param token shown with every request, where there is one */
  run(url: string, scenario: string, revision: string, token?: string): Promise<Run>;
}

/** Installs it, where it is not there yet. */
export async function openSuite(): Promise<Suite> {
  const [node, folder] = await Promise.all([nodeOf24(), npmFolder(SUITE)]);
  const script = join(folder, 'node_modules/@modelcontextprotocol/conformance/dist/index.js');
  const run = (args: readonly string[], token?: string): Promise<Run> =>
    new Promise((resolve) => {
      const login = token === undefined ? [] : ['--import', LOGGED_IN];
      const env = { ...process.env, ...(token === undefined ? {} : { CONFORMANCE_TOKEN: token }) };
      execFile(node, [...login, script, ...args], { maxBuffer: 1e8, env }, (error, stdout, stderr) =>
        resolve({ passed: error === null, said: `${stdout}${stderr}` }),
      );
    });
  const { said } = await run(['list']);
  const ofServers = said.slice(said.indexOf('Server scenarios'), said.indexOf('Client scenarios'));
  return {
    scenarios: new Map(
      [...ofServers.matchAll(/^ {2}- (\S+) \[([^\]]*)\]$/gm)].map(([, name = '', revisions = '']) => [
        name,
        revisions.split(','),
      ]),
    ),
    async required(revision) {
      const text = await readFile(join(script, '../../requirements', `${revision}.yaml`), 'utf8');
      const { server } = parse(text) as { readonly server: readonly string[] };
      return new Set(server);
    },
    run: (url, scenario, revision, token) =>
      run(['server', '--url', url, '--scenario', scenario, '--spec-version', revision], token),
  };
}

/** Nothing failed, and something was looked at. */
export const isClean = ({ passed, said }: Run): boolean => passed && /Passed: (\d+)\/\1, 0 failed/.test(said);
