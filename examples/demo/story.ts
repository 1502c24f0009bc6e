import type { Custody, SessionSpec, SessionView } from '../../client/index.ts';
import { act, follow } from './print.ts';
import { spend } from './money.ts';
import { decide } from './rules.ts';
import type { Stage } from './stage.ts';
import { undo } from './undo.ts';

const SPEC: SessionSpec = {
  agent: { id: 'drafter', version: '1.0.0' },
  profile: 'standard',
  servers: ['files', 'research', 'jobs'],
  overrides: { session: { timeout: '14s', gracePeriod: '30s' } },
  keepOpen: true,
  plan: [
    { call: 'files.write_file', as: 'draft', args: { path: 'draft.md', content: 'A first line.' } },
    {
      parallel: [
        { call: 'files.read_text_file', args: { path: 'draft.md' } },
        { call: 'files.list_directory', args: { path: '.' } },
      ],
    },
    { call: 'files.write_file', args: { path: 'log.md', content: 'The server said: ${draft.content.0.text}' } },
  ],
};

const LONG = { duration: 3, steps: 3 };

/** Plays the demo and returns the id of its session. */
export async function play(custody: Custody, stage: Stage): Promise<string> {
  const { id } = await custody.start(SPEC, { reason: 'to show what a session is' });
  const following = follow(custody, id);
  const until = (is: (view: SessionView) => boolean) => waitFor(custody, id, is);
  await until(({ plan }) => plan?.done === plan?.of);

  act('custody pause');
  await custody.session(id).pause({ reason: 'a look at the draft' });
  act('custody resume');
  await custody.session(id).resume({ reason: 'the draft is fine' });
  await until(({ state }) => state === 'RUNNING');

  const research = custody.session(id).call('research.trigger-long-running-operation', LONG, { callId: 'research' });
  const job = custody.session(id).call('jobs.trigger-long-running-operation', LONG, { callId: 'job' });
  await until(({ openCalls }) => openCalls.filter(({ phase }) => phase === 'running').length === 2);
  await marked(custody, id);
  await stage.replaceWorker();

  await until(({ openCalls }) => openCalls.some(({ callId, phase }) => callId === 'job' && phase === 'in_doubt'));
  act('custody resolve job --as failed');
  await custody.session(id).resolve('job', 'failed', { reason: 'nobody has seen its result' });

  await until(({ cause }) => cause === 'timeout');
  act('custody extend --by 1h');
  await custody.session(id).extend(3_600_000, { reason: 'one step is left' });
  await until(({ state }) => state === 'RUNNING');
  await Promise.all([research, job]);
  await custody.session(id).call('files.read_text_file', { path: 'log.md' }, { callId: 'last-look' });
  await undo(custody, id, stage.files, (name) => until(({ state }) => state === name).then(() => undefined));
  await decide(custody, id);
  await spend(custody, id, until);
  act('custody complete');
  await custody.session(id).complete({ reason: 'all is written' });
  await following;
  return id;
}

async function waitFor(custody: Custody, id: string, is: (view: SessionView) => boolean): Promise<void> {
  for (let end = Date.now() + 60_000; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 100))) {
    const view = await custody.session(id).describe();
    if (is(view)) return;
    if (view.outcome !== null) throw new Error(`The session ended as ${view.state}: ${view.reason}`);
  }
  throw new Error('The session did not get there within a minute.');
}

/** Waits until Temporal has a heartbeat of both calls: from then on they are in mid-call for sure. */
async function marked(custody: Custody, id: string): Promise<void> {
  for (let end = Date.now() + 30_000; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 100))) {
    const { raw } = await custody.temporal.workflow.getHandle(id).describe();
    if ((raw.pendingActivities ?? []).filter(({ lastHeartbeatTime }) => lastHeartbeatTime).length === 2) return;
  }
  throw new Error('The calls sent no heartbeat.');
}
