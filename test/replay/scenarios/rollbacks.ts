import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { running } from './running.ts';
import type { Scenarios } from './running.ts';

export const ROLLBACKS: Scenarios = {
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
};
