import type { OperatorConfig } from '../../config/operator.ts';
import { resolveValue } from '../../config/secrets.ts';
import { Keyring } from '../../keys/keyring.ts';
import { CustodyError } from '../../protocol/errors.ts';
import { type Check, fail, ok, warn } from './check.ts';

const NAME = 'deployment key';

/** Would workers under this configuration act for anybody, or for sessions of their deployment alone? */
export async function checkDeployment({ deployment, dir }: OperatorConfig): Promise<Check> {
  if (!deployment)
    return warn(
      NAME,
      'none: whoever reaches the namespace can make a worker open servers and make calls',
      'Make one with `custody keys deployment`, and name it under deployment.keys in custody.yaml.',
    );
  try {
    const keys = Keyring.ofWorker(await Promise.all(deployment.keys.map((key) => resolveValue(key, dir))));
    const encryption = deployment.encryption === 'on' ? 'payloads are encrypted' : 'payloads are not encrypted';
    return ok(NAME, `${keys.ids.join(', ')}; ${encryption}`);
  } catch (error) {
    if (!(error instanceof CustodyError)) throw error;
    return fail(NAME, error.message, error.remedy);
  }
}
