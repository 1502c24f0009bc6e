import { appendFile } from 'node:fs/promises';
import { loadOperatorConfig, type OperatorConfig } from '../../config/operator.ts';
import { resolveValue } from '../../config/secrets.ts';
import { NOBODY, readersOf } from '../../gateway/codec/readers.ts';
import { type Reading, serveCodec } from '../../gateway/codec/server.ts';
import { clientCodec } from '../../keys/codec.ts';
import { Keyring } from '../../keys/keyring.ts';
import { CustodyError } from '../../protocol/errors.ts';
import { printJsonLine } from '../io/output.ts';
import { onStopSignal } from '../worker/stopSignals.ts';

export interface RunCodecServerOptions {
  readonly config: string;
  readonly host: string;
  readonly port: number;
  readonly record?: string | undefined;
  readonly open?: true | undefined;
  readonly onRunning: (address: string, readers: readonly string[]) => void;
}

const LOOPBACK: ReadonlySet<string> = new Set(['127.0.0.1', '::1', 'localhost']);
/** Characters of a token. */
const SHORTEST = 16;

/**
 * A codec server in this process, until SIGINT or SIGTERM.
 *
 * @throws CustodyError USAGE, CONFIG_MISSING, CONFIG_INVALID, SECRET_MISSING, KEY_INVALID
 */
export async function runCodecServer(options: RunCodecServerOptions): Promise<void> {
  const { host, port, open: isOpen = false, record } = options;
  const config = await loadOperatorConfig(options.config);
  const isLocal = LOOPBACK.has(host);
  if (isOpen && !isLocal)
    throw new CustodyError(
      'USAGE',
      `--open lets in whoever reaches the server, so it is for this machine: not ${host}.`,
    );
  const tokens = await tokensOf(config);
  if (tokens.size === 0 && !isOpen)
    throw new CustodyError('USAGE', 'Nobody could ask: name tokens under codecServer.tokens in custody.yaml.');
  const server = await serveCodec({
    host,
    port,
    isLocal,
    codec: clientCodec(await keysOf(config)),
    readers: readersOf(tokens, isOpen),
    origins: config.codecServer?.origins ?? [],
    record: record === undefined ? onStdout : (reading) => appendFile(record, lineOf(reading), { mode: 0o600 }),
  }).catch((error: Error) => {
    throw new CustodyError('USAGE', `Port ${port} of ${host} cannot be used: ${error.message}`);
  });
  const stopped = new Promise<void>((resolve) => onStopSignal(resolve));
  options.onRunning(`http://${host.includes(':') ? `[${host}]` : host}:${server.port}`, [
    ...tokens.keys(),
    ...(isOpen ? [NOBODY] : []),
  ]);
  await stopped;
  await server.close();
}

const lineOf = (reading: Reading): string => `${JSON.stringify(reading)}\n`;
const onStdout = async (reading: Reading): Promise<void> => printJsonLine(reading);

async function tokensOf({ codecServer, dir }: OperatorConfig): Promise<Map<string, string>> {
  const tokens = new Map<string, string>();
  for (const [name, reference] of Object.entries(codecServer?.tokens ?? {})) {
    const token = await resolveValue(reference, dir);
    if (token.length < SHORTEST || /\s/.test(token))
      throw new CustodyError('USAGE', `The token '${name}' has to be ${SHORTEST} characters or more, without spaces.`);
    tokens.set(name, token);
  }
  return tokens;
}

async function keysOf({ deployment, dir }: OperatorConfig): Promise<Keyring> {
  if (!deployment) throw new CustodyError('USAGE', 'There is nothing to open: custody.yaml names no deployment.keys.');
  return Keyring.from(await Promise.all(deployment.keys.map((key) => resolveValue(key, dir))));
}
