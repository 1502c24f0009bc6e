import type { PayloadCodec } from '@temporalio/common';
import type { Logger } from 'pino';
import type { OperatorConfig } from '../config/operator.ts';
import { resolveValue } from '../config/secrets.ts';
import { workerCodec } from '../keys/codec.ts';
import { Keyring } from '../keys/keyring.ts';
import type { DeploymentKeys } from './options.ts';

/** How a worker reads and writes, by the keys of its deployment. */
export interface Seal {
  readonly codec: PayloadCodec;
  /** It has a key, and asks for the deployment's authentication. */
  readonly isKeyed: boolean;
  /** What it writes is encrypted. */
  readonly encrypts: boolean;
}

/** What a worker without a key says of itself. */
export const WITHOUT_KEY =
  'this worker has no deployment key: whoever reaches the namespace can make it open servers and make calls';

/**
 * Reads the keys of the deployment, now.
 *
 * @param otherwise where the configuration names none
 * @throws CustodyError SECRET_MISSING, KEY_INVALID
 */
export async function openSeal(
  { deployment, dir }: Pick<OperatorConfig, 'deployment' | 'dir'>,
  log: Logger,
  otherwise: DeploymentKeys = { keys: [] },
): Promise<Seal> {
  const texts = deployment && (await Promise.all(deployment.keys.map((key) => resolveValue(key, dir))));
  const keys = Keyring.ofWorker(texts ?? otherwise.keys);
  const isKeyed = keys.first !== undefined;
  const { encryption, acceptUnsignedUntil: until } = deployment ?? otherwise;
  const encrypts = isKeyed && encryption === 'on';
  if (isKeyed) log.info({ keys: keys.ids, encrypts }, 'worker has the keys of a deployment');
  else log.warn({ remedy: 'custody keys deployment' }, WITHOUT_KEY);
  const codec = workerCodec({
    keys,
    encrypts,
    until,
    onMissing: (key) => log.warn({ key }, 'something was made under a key that this worker does not have'),
  });
  return { codec, isKeyed, encrypts };
}
