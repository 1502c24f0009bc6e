import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FILE_RULES, FILES_SERVER } from '../support/filesScene.ts';
import type { Harness } from '../support/harness.ts';
import { resetSession } from '../support/reset.ts';

type Scenario = (harness: Harness) => Promise<string>;

const running = async (harness: Harness, spec = {}, tuning = {}): Promise<string> => {
  const { id } = await harness.custody.start(harness.spec(spec), { tuning });
  await harness.until(id, ({ state }) => state === 'RUNNING');
  return id;
};

/**
 * One session for each kind of history that a change to the workflow must still replay. Each returns the id of a
 * session that has ended.
 */
export const SCENARIOS: { readonly [name: string]: Scenario } = {
  async plan(harness) {
    const { id } = await harness.custody.start(
      harness.spec({
        plan: [
          { call: 'journal.upsert', as: 'set', args: { key: 'a', value: '1' } },
          {
            parallel: [
              { call: 'journal.append', args: { text: '${set.content.0.text}' } },
              { wait: 30 },
              { call: 'journal.lookup', args: { key: 'a' } },
            ],
          },
          { call: 'journal.fail', onError: 'continue' },
        ],
      }),
    );
    await harness.custody.session(id).wait();
    return id;
  },

  async 'pause-resume-calls'(harness) {
    const id = await running(harness);
    await harness.custody.session(id).call('journal.append', { text: 'x' }, { callId: 'x' });
    await harness.custody.session(id).pause({ reason: 'a break' });
    const waiting = harness.custody.session(id).call('journal.append', { text: 'y' }, { callId: 'y' });
    await harness.until(id, ({ openCalls }) => openCalls.length === 1);
    await harness.custody.temporal.workflow.getHandle(id).signal('resume', { actor: 'ann', reason: 'on' });
    await waiting;
    await harness.custody.session(id).complete();
    await harness.custody.session(id).wait();
    return id;
  },

  async 'large-values'(harness) {
    const text = 'large '.repeat(20_000);
    const id = await running(harness, {
      plan: [
        { call: 'journal.append', args: { text } },
        { call: 'journal.big', args: { bytes: 100_000 }, as: 'big' },
      ],
      keepOpen: true,
    });
    await harness.custody.session(id).call('journal.append', { text }, { callId: 'large' });
    await harness.custody.session(id).complete();
    await harness.custody.session(id).wait();
    return id;
  },

  async 'refused-commands'(harness) {
    const id = await running(harness);
    const handle = harness.custody.temporal.workflow.getHandle(id);
    await handle.signal('dance');
    await handle.signal('extend', { by: 7 });
    await handle.signal('pause', ['no', 'object']);
    await harness.custody
      .session(id)
      .resume()
      .catch(() => undefined);
    await harness.custody
      .session(id)
      .call('journal.nothing')
      .catch(() => undefined);
    await harness.custody.session(id).cancel({ reason: 'enough' });
    await harness.custody.session(id).wait();
    return id;
  },

  async 'in-doubt-resolved'(harness) {
    const id = await running(harness);
    const append = harness.custody
      .session(id)
      .call('journal.append', { text: 'timeout', delayMs: 5000 }, { callId: 't' });
    await harness.until(id, ({ openCalls }) => openCalls.some(({ phase }) => phase === 'in_doubt'));
    await harness.custody.session(id).complete();
    await harness.custody.session(id).resolve('t', 'failed', { reason: 'not in the books' });
    await append;
    await harness.custody.session(id).wait();
    return id;
  },

  async 'deadline-extended'(harness) {
    const { id } = await harness.custody.start(
      harness.spec({ overrides: { session: { timeout: '2s', gracePeriod: '20s' } } }),
    );
    await harness.until(id, ({ cause }) => cause === 'timeout');
    await harness.custody.session(id).extend(3_600_000, { reason: 'more to do' });
    await harness.until(id, ({ state }) => state === 'RUNNING');
    await harness.custody.session(id).complete();
    await harness.custody.session(id).wait();
    return id;
  },

  async 'deadline-timeout'(harness) {
    const { id } = await harness.custody.start(
      harness.spec({ overrides: { session: { timeout: '1s', gracePeriod: '1s' } } }),
    );
    await harness.custody.session(id).wait();
    return id;
  },

  async rollback(harness) {
    const id = await running(harness);
    await harness.custody.session(id).call('journal.append', { text: 'remains' });
    await harness.custody.session(id).rollback({ reason: 'undo' });
    await harness.until(id, ({ state }) => state === 'PAUSED');
    await harness.custody.session(id).cancel();
    await harness.custody.session(id).wait();
    return id;
  },

  async undo(harness) {
    await mkdir(join(harness.dir, 'files', '.trash'), { recursive: true });
    const id = await running(harness, { servers: ['files'] }, { eventsPerRun: 60, undoBytes: 600 });
    const write = (path: string) =>
      harness.custody.session(id).call('files.write_file', { path, content: path }, { callId: path });
    await write('a.txt');
    await harness.custody.session(id).checkpoint('half', { reason: 'a good point' });
    for (const path of ['b.txt', 'c.txt', 'd.txt', 'e.txt', 'f.txt', 'g.txt', 'h.txt']) await write(path);
    await harness.custody.session(id).rollback({ to: 'half', reason: 'too many' });
    await harness.until(id, ({ state }) => state === 'PAUSED');
    await harness.custody.session(id).resume();
    await harness.until(id, ({ state }) => state === 'RUNNING');
    await write('i.txt');
    await harness.custody.session(id).call('files.create_directory', { path: 'stays' });
    await writeFile(join(harness.dir, 'files', 'i.txt'), 'by somebody else');
    await harness.custody.session(id).rollback({ reason: 'all of it' });
    await harness.until(id, ({ state }) => state === 'PAUSED');
    await harness.custody.session(id).cancel();
    await harness.custody.session(id).wait();
    return id;
  },

  async 'continue-as-new'(harness) {
    const id = await running(harness, {}, { eventsPerRun: 40 });
    for (let index = 0; index < 8; index += 1)
      await harness.custody.session(id).call('journal.append', { text: `${index}` }, { callId: `c${index}` });
    await harness.custody.session(id).complete();
    await harness.custody.session(id).wait();
    return id;
  },

  async agents(harness) {
    const id = await running(harness, { overrides: { session: { maxIdentical: 2, agentHeartbeat: '2s' } } });
    const handle = harness.custody.temporal.workflow.getHandle(id);
    const usage = { model: 'm', inputTokens: 1, outputTokens: 2, microUsd: 3 };
    await harness.until(id, ({ agentLostAt }) => agentLostAt !== null);
    await harness.custody.session(id).attach();
    await harness.custody.session(id).saveState({ step: 1 });
    await harness.custody.session(id).record({ kind: 'usage', text: 'by update', usage });
    await handle.signal('record', { kind: 'usage', text: 'by signal', usage });
    await handle.signal('saveState', { state: { step: 2 } });
    await handle.signal('heartbeat');
    for (let index = 0; index < 3; index += 1)
      await harness.custody
        .session(id)
        .call('journal.append', { text: 'again' })
        .catch(() => undefined);
    await harness.until(id, ({ cause }) => cause === 'incident');
    await handle.signal('resume', { actor: 'ann', reason: 'mended' });
    await harness.until(id, ({ state }) => state === 'RUNNING');
    await harness.custody.session(id).call('journal.append', { text: 'again' });
    await harness.custody.session(id).complete();
    await harness.custody.session(id).wait();
    return id;
  },

  async 'init-fails'(harness) {
    const { id } = await harness.custody.start(harness.spec({ servers: ['journal', 'nowhere'] }));
    await harness.custody.session(id).wait();
    return id;
  },

  async 'server-reopened'(harness) {
    const id = await running(harness);
    await harness.custody.session(id).call('journal.append', { text: 'before' });
    await harness.stopWorker();
    await harness.startWorker();
    await harness.custody.session(id).call('journal.append', { text: 'after' });
    await harness.custody.session(id).pause({ reason: 'a look' });
    await harness.custody.session(id).resume({ reason: 'on' });
    await harness.custody.session(id).call('journal.append', { text: 'on the same' });
    await harness.custody.session(id).complete();
    await harness.custody.session(id).wait();
    return id;
  },

  async 'worker-restarted'(harness) {
    const id = await running(harness);
    await harness.custody.session(id).call('journal.append', { text: 'before' });
    await harness.stopWorker();
    await harness.startWorker();
    await harness.custody.session(id).call('journal.append', { text: 'after' });
    await harness.custody.temporal.workflow.getHandle(id).cancel();
    await harness.custody.session(id).wait();
    return id;
  },

  async recovered(harness) {
    const id = await running(harness);
    const slow = harness.custody
      .session(id)
      .call('journal.append', { text: 'slow', delayMs: 800 }, { callId: 'slow' })
      .catch(() => undefined);
    await harness.until(id, ({ openCalls }) => openCalls.some(({ phase }) => phase === 'running'));
    await harness.custody.temporal.workflow.getHandle(id).terminate('pressed');
    await slow;
    await harness.custody.as('ann').session(id).recover({ reason: 'by mistake' });
    await harness.until(id, ({ openCalls }) => openCalls.length === 0);
    await harness.custody.session(id).resume();
    await harness.custody.session(id).complete();
    await harness.custody.session(id).wait();
    return id;
  },

  async reset(harness) {
    const id = await running(harness);
    await harness.custody.session(id).call('journal.append', { text: 'a' }, { callId: 'a' });
    await resetSession(harness.custody.temporal, id, (tasks) => tasks.at(-1));
    await harness.until(id, ({ resetAt }) => resetAt !== null);
    await harness.custody.session(id).cancel({ reason: 'enough' });
    await harness.custody.session(id).wait();
    return id;
  },

  async forked(harness) {
    const id = await running(harness);
    await harness.custody.session(id).checkpoint('one');
    const { id: fork } = await harness.custody.session(id).fork({ at: 'one', reason: 'the other way' });
    await harness.until(fork, ({ state }) => state === 'RUNNING');
    await harness.custody.session(fork).complete();
    await harness.custody.session(fork).wait();
    return fork;
  },

  async 'asked-and-answered'(harness) {
    const id = await running(harness, { servers: ['modern'] });
    const answer = harness.custody.session(id).call('modern.order', {}, { callId: 'order' });
    await harness.until(id, ({ openCalls }) => openCalls[0]?.phase === 'awaiting_input');
    await harness.custody
      .session(id)
      .respond('order', {})
      .catch(() => undefined);
    await harness.custody.session(id).respond('order', { confirm: true }, { reason: 'as agreed' });
    await answer;
    await harness.custody.session(id).complete();
    await harness.custody.session(id).wait();
    return id;
  },

  async 'asked-and-withdrawn'(harness) {
    const id = await running(harness, { servers: ['legacy'] });
    void harness.custody
      .session(id)
      .call('legacy.order', {}, { callId: 'order' })
      .catch(() => undefined);
    await harness.until(id, ({ openCalls }) => openCalls[0]?.phase === 'awaiting_input');
    await harness.custody.session(id).cancel({ reason: 'not needed any more' });
    await harness.custody.session(id).wait();
    return id;
  },
};

const asking = (revision: string): object => ({
  command: process.execPath,
  args: [
    fileURLToPath(new URL('../servers/asking.mjs', import.meta.url)),
    '--revision',
    revision,
    '--journal',
    '/dev/null',
  ],
});

/** The profile, servers and tools that the scenarios need. */
export const SCENARIO_OPTIONS = {
  profile: { session: { timeout: '2h', autoResume: true } },
  servers: { files: FILES_SERVER, modern: asking('2026-07-28'), legacy: asking('2025-11-25') },
  tools: { 'journal.append': { effect: 'irreversible', timeout: '1s' }, ...FILE_RULES },
};
