import { randomUUID } from 'node:crypto';
import { messageOf } from '../../activities/notices/message.ts';
import { send } from '../../activities/notices/send.ts';
import { destinationOf, secretsIn } from '../../config/notices/destination.ts';
import type { OperatorConfig } from '../../config/operator.ts';
import { CustodyError } from '../../protocol/errors.ts';
import type { Notice } from '../../protocol/notices/notice.ts';
import { Secrets } from '../../worker/secrets/secrets.ts';
import { version } from '../package.ts';

/** What came of a test of one destination. */
export interface Tried {
  readonly to: string;
  /** The id under which it was sent. */
  readonly id: string;
  /** HTTP status with which it was taken; null where it was not. */
  readonly status: number | null;
  readonly error: { readonly code: string; readonly message: string; readonly remedy: string } | null;
}

/**
 * Sends a notice to one destination, or to all.
 *
 * @throws CustodyError NOTICE_UNUSABLE where there is none
 */
export async function tryDestinations(
  config: OperatorConfig,
  name: string | undefined,
  namespace: string,
): Promise<readonly Tried[]> {
  const known = Object.keys(config.notices?.to ?? {});
  // Says what there is instead.
  if (name !== undefined ? !known.includes(name) : known.length === 0) await destinationOf(config, name ?? '');
  const session = `test-${randomUUID()}`;
  return Promise.all((name === undefined ? known : [name]).map((each) => tryOne(config, each, session, namespace)));
}

async function tryOne(config: OperatorConfig, to: string, session: string, namespace: string): Promise<Tried> {
  const about = { agent: `custody@${version()}`, profile: 'none', labels: {} };
  const data = { text: `a test of the destination ${to}, by custody notices test` };
  const notice: Notice = { n: 1, at: Date.now(), layer: 'session', kind: 'notify', data };
  const secrets = new Secrets();
  try {
    const destination = await destinationOf(config, to);
    secretsIn(destination).forEach((secret) => secrets.add(secret));
    const message = messageOf(destination.format, namespace, { session, about, notice });
    const sent = await send({ ...destination, redact: (text) => secrets.redact(text) }, message);
    if ('status' in sent) return { to, id: message.id, status: sent.status, error: null };
    throw sent.error;
  } catch (error) {
    if (!(error instanceof CustodyError)) throw error;
    const { code, message, remedy } = error;
    return { to, id: `${session}/1`, status: null, error: { code, message, remedy } };
  }
}
