import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import type { Notices } from '../activities/deps.ts';
import { proseOf } from '../audit/prose/records.ts';
import { destinationOf, secretsIn } from '../config/notices/destination.ts';
import type { OperatorConfig } from '../config/operator.ts';
import { NOTICE_KINDS } from '../protocol/notices/kinds.ts';
import { noticeId, type PassedOn } from '../protocol/notices/notice.ts';
import { type NoticesInput, NOTICES_TYPE, noticesId, noticesSignal, TASK_TIMEOUT } from '../workflows/messages.ts';
import { Secrets } from './secrets/secrets.ts';
import { apart } from './temporal/apart.ts';

/** Where notices go by the operator's file, and how they get there: by way of one workflow for each session. */
export function noticesOf(
  { notices, dir }: Pick<OperatorConfig, 'notices' | 'dir'>,
  client: Client,
  taskQueue: string,
  log: Logger,
): Notices {
  const { log: isLogged = false, to: destinations = {} } = notices ?? {};
  const to: PassedOn['to'] = Object.fromEntries(
    Object.entries(destinations).map(([name, { kinds = NOTICE_KINDS, retryFor }]) => [name, { kinds, retryFor }]),
  );
  const wanted = new Set(Object.values(to).flatMap(({ kinds }) => kinds));
  const secrets = new Secrets();
  return {
    kinds: NOTICE_KINDS.filter((kind) => isLogged || wanted.has(kind)),
    async pass(session, about, given) {
      if (isLogged)
        for (const notice of given) {
          const { kind, layer, at } = notice;
          const told = { notice: noticeId(session, notice), session, ...about, kind, layer, at: new Date(at) };
          log.info(told, `notice: ${proseOf(notice)}`);
        }
      if (Object.keys(to).length === 0) return;
      const passed: PassedOn = { about, notices: given, to };
      const input: NoticesInput = {};
      await apart((typedSearchAttributes) =>
        client.workflow.signalWithStart(NOTICES_TYPE, {
          workflowId: noticesId(session),
          taskQueue,
          args: [input],
          signal: noticesSignal,
          signalArgs: [passed],
          workflowTaskTimeout: TASK_TIMEOUT,
          workflowIdReusePolicy: 'ALLOW_DUPLICATE',
          staticSummary: 'notices of a session on their way',
          typedSearchAttributes,
        }),
      );
    },
    async receiver(name) {
      const destination = await destinationOf({ ...(notices ? { notices } : {}), dir }, name);
      for (const secret of secretsIn(destination)) secrets.add(secret);
      return { ...destination, redact: (text) => secrets.redact(text) };
    },
  };
}
