import { proxyActivities, sleep } from '@temporalio/workflow';
import type { Activities } from '../../activities/types.ts';
import type { Notice } from '../../protocol/notices/notice.ts';
import type { Session } from '../../session/session.ts';
import { HEARTBEAT_TIMEOUT } from './limits.ts';

/** Passes notices on to the workflow that delivers them, for as long as it takes. Never throws. */
export async function passOn({ id: sessionId, spec }: Session, notices: readonly Notice[]): Promise<void> {
  const { agent, profile, labels = {} } = spec;
  const about = { agent: `${agent.id}@${agent.version}`, profile, labels };
  const activities = proxyActivities<Activities>({
    startToCloseTimeout: '30s',
    heartbeatTimeout: HEARTBEAT_TIMEOUT,
    retry: { initialInterval: '200ms', maximumInterval: '1m' },
    summary: notices.length === 1 ? 'a notice' : `${notices.length} notices`,
  });
  for (;;) {
    const isDone = await activities.passOn({ sessionId, about, notices }).then(
      () => true,
      () => false,
    );
    if (isDone) return;
    // Somebody else ended the activity.
    await sleep('1m', { summary: 'until notices are passed on again' });
  }
}
