import { entry } from './entry.ts';

/** What is wrong around Custody. */
export const ENVIRONMENT = {
  TEMPORAL_UNAVAILABLE: entry(
    'Temporal cannot be reached.',
    'Check the address (`--address`, TEMPORAL_ADDRESS, profile), the network and TLS settings. Where none runs yet, ' +
      '`custody dev` runs one on this machine.',
    503,
    true,
  ),
  CLIENT_CLOSED: entry(
    'The client was closed before an answer came.',
    'Connect again and ask again, a call under its call id: what the session has taken goes on, and is not done twice.',
    503,
    true,
  ),
  NAMESPACE_NOT_FOUND: entry(
    'The Temporal namespace does not exist.',
    'Run `custody setup`, or check the namespace that you connect to.',
    404,
  ),
  SETUP_MISSING: entry(
    'The namespace lacks the search attributes of Custody.',
    'Run `custody setup` once for this namespace.',
    503,
  ),
  NO_WORKER: entry(
    'No worker answers for the session.',
    'Start one with `custody worker`. The session is safe, and the next worker may still take the request: ask ' +
      'again under the same id.',
    503,
    true,
  ),
  NATIVE_WORKER_MISSING: entry(
    'The native worker of Temporal cannot be loaded, so no worker can run here.',
    'Install it with `npm install @temporalio/worker`, on Linux with glibc or macOS; commands that only talk to ' +
      'Temporal work without it.',
    503,
  ),
  EMBEDDED_TEMPORAL_UNAVAILABLE: entry(
    'No Temporal could be found, downloaded or built.',
    'Install the Temporal CLI, or name a server with --address.',
    503,
  ),
  EMBEDDED_TEMPORAL_FAILED: entry(
    'The embedded Temporal did not start.',
    'Read its last lines in the message; where a port is in use, choose another with --port or --ui-port.',
    503,
    true,
  ),
  USAGE: entry('The command line cannot be read.', 'See its help: the same command with `--help`.', 400),
};
