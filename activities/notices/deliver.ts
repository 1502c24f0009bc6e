import { ApplicationFailure, Context } from '@temporalio/activity';
import { CustodyError } from '../../protocol/errors.ts';
import type { ActivityDeps } from '../deps.ts';
import type { Activities } from '../types.ts';
import { heartbeats } from '../heartbeats/heartbeats.ts';
import { messageOf } from './message.ts';
import { send } from './send.ts';

/** Sends a notice once, as its destination is configured now. */
export const deliver =
  ({ notices }: Pick<ActivityDeps, 'notices'>): Activities['deliver'] =>
  async ({ to, session, about, notice }) => {
    const { namespace } = Context.current().info;
    const { format, ...receiver } = await notices.receiver(to).catch((error: unknown) => {
      throw ApplicationFailure.create(mayPass(error));
    });
    const message = written(format, namespace, { session, about, notice });
    const beats = heartbeats(undefined);
    const sent = await send(receiver, message).finally(() => beats.stop());
    if ('status' in sent) return sent;
    const { error, retryAfter } = sent;
    throw ApplicationFailure.create({
      ...mayPass(error),
      nonRetryable: error.code === 'NOTICE_REFUSED',
      ...(retryAfter === undefined ? {} : { nextRetryDelay: `${retryAfter} seconds` }),
    });
  };

/** What no session made cannot be told in words: it is not worth another try. */
function written(...given: Parameters<typeof messageOf>): ReturnType<typeof messageOf> {
  try {
    return messageOf(...given);
  } catch (error) {
    throw ApplicationFailure.create({ ...mayPass(error), nonRetryable: true });
  }
}

/** What is wrong may be mended while the notice waits. */
const mayPass = (error: unknown) => ({
  message: error instanceof Error ? error.message : String(error),
  type: error instanceof CustodyError ? error.code : 'INTERNAL_ERROR',
});
