import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FILE_RULES, FILES_SERVER } from '../support/filesScene.ts';
import type { Harness } from '../support/harness.ts';
import { resetSession } from '../support/reset.ts';

type Scenario = (harness: Harness) => Promise<string>;

const running = async (harness: Harness, spec = {}, tuning = {}): Promise<string> => {
  const id = await harness.custody.start(harness.spec(spec), { tuning });
  await harness.until(id, ({ state }) => state === 'RUNNING');
  return id;
};

/**
 * One session for each kind of history that a change to the workflow must still replay. Each returns the id of a
 * session that has ended.
 */
export const SCENARIOS: { readonly [name: string]: Scenario } = {
  async plan(harness) {
    const id = await harness.custody.start(
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
    await harness.custody.wait(id);
    return id;
  },

  async 'pause-resume-calls'(harness) {
    const id = await running(harness);
    await harness.custody.call(id, 'journal.append', { text: 'x' }, { callId: 'x' });
    await harness.custody.pause(id, { reason: 'a break' });
    const waiting = harness.custody.call(id, 'journal.append', { text: 'y' }, { callId: 'y' });
    await harness.until(id, ({ openCalls }) => openCalls.length === 1);
    await harness.custody.temporal.workflow.getHandle(id).signal('resume', { actor: 'ann', reason: 'on' });
    await waiting;
    await harness.custody.complete(id);
    await harness.custody.wait(id);
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
    await harness.custody.call(id, 'journal.append', { text }, { callId: 'large' });
    await harness.custody.complete(id);
    await harness.custody.wait(id);
    return id;
  },

  async 'refused-commands'(harness) {
    const id = await running(harness);
    const handle = harness.custody.temporal.workflow.getHandle(id);
    await handle.signal('dance');
    await handle.signal('extend', { by: 7 });
    await handle.signal('pause', ['no', 'object']);
    await harness.custody.resume(id).catch(() => undefined);
    await harness.custody.call(id, 'journal.nothing').catch(() => undefined);
    await harness.custody.cancel(id, { reason: 'enough' });
    await harness.custody.wait(id);
    return id;
  },

  async 'in-doubt-resolved'(harness) {
    const id = await running(harness);
    const append = harness.custody.call(id, 'journal.append', { text: 'timeout', delayMs: 5000 }, { callId: 't' });
    await harness.until(id, ({ openCalls }) => openCalls.some(({ phase }) => phase === 'in_doubt'));
    await harness.custody.complete(id);
    await harness.custody.resolve(id, 't', 'failed', { reason: 'not in the books' });
    await append;
    await harness.custody.wait(id);
    return id;
  },

  async 'deadline-extended'(harness) {
    const id = await harness.custody.start(
      harness.spec({ overrides: { session: { timeout: '2s', gracePeriod: '20s' } } }),
    );
    await harness.until(id, ({ cause }) => cause === 'timeout');
    await harness.custody.extend(id, 3_600_000, { reason: 'more to do' });
    await harness.until(id, ({ state }) => state === 'RUNNING');
    await harness.custody.complete(id);
    await harness.custody.wait(id);
    return id;
  },

  async 'deadline-timeout'(harness) {
    const id = await harness.custody.start(
      harness.spec({ overrides: { session: { timeout: '1s', gracePeriod: '1s' } } }),
    );
    await harness.custody.wait(id);
    return id;
  },

  async rollback(harness) {
    const id = await running(harness);
    await harness.custody.call(id, 'journal.append', { text: 'remains' });
    await harness.custody.rollback(id, { reason: 'undo' });
    await harness.until(id, ({ state }) => state === 'PAUSED');
    await harness.custody.cancel(id);
    await harness.custody.wait(id);
    return id;
  },

  async undo(harness) {
    await mkdir(join(harness.dir, 'files', '.trash'), { recursive: true });
    const id = await running(harness, { servers: ['files'] }, { eventsPerRun: 60, undoBytes: 600 });
    const write = (path: string) =>
      harness.custody.call(id, 'files.write_file', { path, content: path }, { callId: path });
    await write('a.txt');
    await harness.custody.checkpoint(id, 'half', { reason: 'a good point' });
    for (const path of ['b.txt', 'c.txt', 'd.txt', 'e.txt', 'f.txt', 'g.txt', 'h.txt']) await write(path);
    await harness.custody.rollback(id, { to: 'half', reason: 'too many' });
    await harness.until(id, ({ state }) => state === 'PAUSED');
    await harness.custody.resume(id);
    await harness.until(id, ({ state }) => state === 'RUNNING');
    await write('i.txt');
    await harness.custody.call(id, 'files.create_directory', { path: 'stays' });
    await writeFile(join(harness.dir, 'files', 'i.txt'), 'by somebody else');
    await harness.custody.rollback(id, { reason: 'all of it' });
    await harness.until(id, ({ state }) => state === 'PAUSED');
    await harness.custody.cancel(id);
    await harness.custody.wait(id);
    return id;
  },

  async 'continue-as-new'(harness) {
    const id = await running(harness, {}, { eventsPerRun: 40 });
    for (let index = 0; index < 8; index += 1)
      await harness.custody.call(id, 'journal.append', { text: `${index}` }, { callId: `c${index}` });
    await harness.custody.complete(id);
    await harness.custody.wait(id);
    return id;
  },

  async agents(harness) {
    const id = await running(harness, { overrides: { session: { maxIdentical: 2, agentHeartbeat: '2s' } } });
    const handle = harness.custody.temporal.workflow.getHandle(id);
    const usage = { model: 'm', inputTokens: 1, outputTokens: 2, microUsd: 3 };
    await harness.until(id, ({ agentLostAt }) => agentLostAt !== null);
    await harness.custody.attach(id);
    await harness.custody.saveState(id, { step: 1 });
    await harness.custody.record(id, { kind: 'usage', text: 'by update', usage });
    await handle.signal('record', { kind: 'usage', text: 'by signal', usage });
    await handle.signal('saveState', { state: { step: 2 } });
    await handle.signal('heartbeat');
    for (let index = 0; index < 3; index += 1)
      await harness.custody.call(id, 'journal.append', { text: 'again' }).catch(() => undefined);
    await harness.until(id, ({ cause }) => cause === 'incident');
    await handle.signal('resume', { actor: 'ann', reason: 'mended' });
    await harness.until(id, ({ state }) => state === 'RUNNING');
    await harness.custody.call(id, 'journal.append', { text: 'again' });
    await harness.custody.complete(id);
    await harness.custody.wait(id);
    return id;
  },

  async 'init-fails'(harness) {
    const id = await harness.custody.start(harness.spec({ servers: ['journal', 'nowhere'] }));
    await harness.custody.wait(id);
    return id;
  },

  async 'server-reopened'(harness) {
    const id = await running(harness);
    await harness.custody.call(id, 'journal.append', { text: 'before' });
    await harness.stopWorker();
    await harness.startWorker();
    await harness.custody.call(id, 'journal.append', { text: 'after' });
    await harness.custody.pause(id, { reason: 'a look' });
    await harness.custody.resume(id, { reason: 'on' });
    await harness.custody.call(id, 'journal.append', { text: 'on the same' });
    await harness.custody.complete(id);
    await harness.custody.wait(id);
    return id;
  },

  async 'worker-restarted'(harness) {
    const id = await running(harness);
    await harness.custody.call(id, 'journal.append', { text: 'before' });
    await harness.stopWorker();
    await harness.startWorker();
    await harness.custody.call(id, 'journal.append', { text: 'after' });
    await harness.custody.temporal.workflow.getHandle(id).cancel();
    await harness.custody.wait(id);
    return id;
  },

  async recovered(harness) {
    const id = await running(harness);
    const slow = harness.custody
      .call(id, 'journal.append', { text: 'slow', delayMs: 800 }, { callId: 'slow' })
      .catch(() => undefined);
    await harness.until(id, ({ openCalls }) => openCalls.some(({ phase }) => phase === 'running'));
    await harness.custody.temporal.workflow.getHandle(id).terminate('pressed');
    await slow;
    await harness.custody.recover(id, { actor: 'ann', reason: 'by mistake' });
    await harness.until(id, ({ openCalls }) => openCalls.length === 0);
    await harness.custody.resume(id);
    await harness.custody.complete(id);
    await harness.custody.wait(id);
    return id;
  },

  async reset(harness) {
    const id = await running(harness);
    await harness.custody.call(id, 'journal.append', { text: 'a' }, { callId: 'a' });
    await resetSession(harness.custody.temporal, id, (tasks) => tasks.at(-1));
    await harness.until(id, ({ resetAt }) => resetAt !== null);
    await harness.custody.cancel(id, { reason: 'enough' });
    await harness.custody.wait(id);
    return id;
  },

  async forked(harness) {
    const id = await running(harness);
    await harness.custody.checkpoint(id, 'one');
    const fork = await harness.custody.fork(id, { at: 'one', reason: 'the other way' });
    await harness.until(fork, ({ state }) => state === 'RUNNING');
    await harness.custody.complete(fork);
    await harness.custody.wait(fork);
    return fork;
  },

  async 'asked-and-answered'(harness) {
    const id = await running(harness, { servers: ['modern'] });
    const answer = harness.custody.call(id, 'modern.order', {}, { callId: 'order' });
    await harness.until(id, ({ openCalls }) => openCalls[0]?.phase === 'awaiting_input');
    await harness.custody.respond(id, 'order', {}).catch(() => undefined);
    await harness.custody.respond(id, 'order', { confirm: true }, { reason: 'as agreed' });
    await answer;
    await harness.custody.complete(id);
    await harness.custody.wait(id);
    return id;
  },

  async 'asked-and-withdrawn'(harness) {
    const id = await running(harness, { servers: ['legacy'] });
    void harness.custody.call(id, 'legacy.order', {}, { callId: 'order' }).catch(() => undefined);
    await harness.until(id, ({ openCalls }) => openCalls[0]?.phase === 'awaiting_input');
    await harness.custody.cancel(id, { reason: 'not needed any more' });
    await harness.custody.wait(id);
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
