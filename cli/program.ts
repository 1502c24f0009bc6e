import { Command } from '@commander-js/extra-typings';
import { version } from './package.ts';

const AFTER = `
Exit codes: 0 done; 1 refused or failed, with CODE: sentence and what to do on stderr; 2 no such command line.
With --json, results are JSON on stdout, and an error is one line {"error":{"code","message","remedy"}} on stderr.

Examples:
  $ custody init                                    files to begin with
  $ custody dev                                     a Temporal and a worker on this machine
  $ custody run session.yaml                        start a session and follow it
  $ custody pause session-1 --reason "wrong folder"`;

const GLOBALS = '\nOptions of every command, among them --address, --namespace, --actor and --json: custody --help';

/** The program without its commands: what all of them share. */
export const createProgram = () =>
  new Command('custody')
    .description('Governed AI-agent sessions over MCP, as Temporal workflows: durable, pausable, accountable.')
    .version(version(), '-V, --version', 'print the version')
    .option('--address <host:port>', 'Temporal; else TEMPORAL_ADDRESS, else the profile, else localhost:7233')
    .option('--namespace <name>', 'namespace; else TEMPORAL_NAMESPACE, else the profile, else default')
    .option('--profile <name>', "profile of Temporal's own configuration file; else TEMPORAL_PROFILE")
    .option('--task-queue <name>', 'the workers that are meant, where a namespace has several groups; else custody')
    .option(
      '--store <dir>',
      'folder for values above 64 KiB, one for clients and workers; else CUSTODY_STORE, else a folder among your data',
    )
    .option('--actor <name>', 'who asks, on record as claimed without a key; else CUSTODY_ACTOR, else the system user')
    .option('--key <file>', "the actor's private key, which signs what is asked; else CUSTODY_KEY, else none")
    .option('--json', 'JSON instead of text')
    .addHelpText('after', AFTER)
    .addHelpText('afterAll', ({ command }) => (command.parent ? GLOBALS : ''))
    .exitOverride()
    .configureOutput({ outputError: () => undefined });

export type Program = ReturnType<typeof createProgram>;

/** The options that every command takes. */
export type Globals = ReturnType<Program['opts']>;

/** The examples at the end of a command's help. */
export const examples = (...lines: readonly string[]): string =>
  [`\n${lines.length === 1 ? 'Example' : 'Examples'}:`, ...lines.map((line) => `  $ ${line}`)].join('\n');
