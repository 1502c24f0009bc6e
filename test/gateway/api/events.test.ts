import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bearer } from '../http/house.ts';
import { Desk } from './desk.ts';

let desk: Desk;
let key: string;
beforeAll(async () => {
  desk = await Desk.open();
  key = await desk.key('auditor');
});
afterAll(() => desk?.close());

interface Told {
  readonly id?: number;
  readonly event?: string;
  readonly data: string;
}

/** Server-sent events until this says that they are enough. */
async function told(path: string, isEnough: (all: readonly Told[]) => boolean, headers = {}): Promise<readonly Told[]> {
  const stop = new AbortController();
  const response = await fetch(`${desk.url}${path}`, { headers: { ...bearer(key), ...headers }, signal: stop.signal });
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  const all: Told[] = [];
  let text = '';
  for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    const frames = text.split('\n\n');
    text = frames.pop()!;
    for (const frame of frames) {
      const fields = Object.fromEntries(
        frame.split('\n').map((line) => [line.split(': ', 1)[0], line.slice(line.indexOf(': ') + 2)]),
      );
      if (fields.data)
        all.push({ data: fields.data, event: fields.event, ...(fields.id && { id: Number(fields.id) }) });
    }
    if (isEnough(all)) break;
  }
  stop.abort();
  return all;
}

const isOver = (all: readonly Told[]): boolean => all.at(-1)?.event === 'end';
const numbers = (all: readonly Told[]) => all.flatMap(({ id }) => id ?? []);

describe('G4: who follows a session by server-sent events', () => {
  test('hears all of it in order, as its log has it, and that it has ended', async () => {
    const id = await desk.house.harness.running();
    const session = desk.house.harness.custody.session(id);
    const readers = Array.from({ length: 3 }, () => told(`/sessions/${id}/events`, isOver));
    await session.call('journal.append', { text: 'one' });
    await session.complete();
    const [first, ...others] = await Promise.all(readers);
    const { entries } = await desk.get(key, `/sessions/${id}/log?limit=1000`);
    expect(first!.slice(0, -1).map(({ data }) => JSON.parse(data))).toEqual(entries);
    expect(numbers(first!)).toEqual((entries as unknown[]).map((_entry, index) => index + 1));
    for (const other of others) expect(other).toEqual(first);
  });

  test('goes on after what it has seen, without a gap and without a repeat', async () => {
    const id = await desk.house.harness.running();
    const session = desk.house.harness.custody.session(id);
    const path = `/sessions/${id}/events`;
    const before = await told(path, (all) => all.length >= 2);
    await session.call('journal.append', { text: 'two' });
    const last = { 'last-event-id': String(before.at(-1)!.id) };
    const after = await told(path, (all) => all.some(({ data }) => data.includes('"outcome"')), last);
    await session.complete();
    const rest = await told(`${path}?after=${after.at(-1)!.id}`, isOver);
    const all = numbers([...before, ...after, ...rest]);
    expect(all).toEqual(all.map((_id, index) => index + 1));
    const { entries } = await desk.get(key, `/sessions/${id}/log?limit=1000`);
    expect(all).toHaveLength((entries as unknown[]).length);
    const gone = await desk.ask(key, path, { headers: { 'last-event-id': String(all.length) } });
    expect(gone.status).toBe(204);
  });

  test('is cut off when the process stops, and not told that the session has ended', async () => {
    const id = await desk.house.harness.running();
    const other = await Desk.before(desk.house);
    const headers = bearer(key);
    const response = await fetch(`${other.url}/sessions/${id}/events`, { headers });
    const reader = response.body!.getReader();
    await reader.read();
    await other.leave();
    let text = '';
    const read = async (): Promise<void> => {
      for (let part = await reader.read(); !part.done; part = await reader.read())
        text += Buffer.from(part.value).toString();
    };
    // The connection may be closed before the response is.
    await read().catch((error: Error) => expect(error.message).toBe('terminated'));
    expect(text).not.toContain('event: end');
    await desk.house.harness.custody.session(id).complete();
  });
});
