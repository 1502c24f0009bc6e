import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Entry } from '../../../audit/entry.ts';
import { END, Feed, type Watch } from '../../../gateway/api/events/feed.ts';
import { streamOf } from '../../../gateway/api/events/stream.ts';

/** A history that grows: what follows it waits, what does not ends with what there is. */
class History {
  readonly entries: Entry[] = [];
  reads = 0;
  #isOver = false;
  #wake: (() => void)[] = [];

  add(count: number): void {
    for (let each = 0; each < count; each += 1) this.entries.push({ text: `${this.entries.length + 1}` } as Entry);
    this.#tell();
  }

  end(): void {
    this.#isOver = true;
    this.#tell();
  }

  readonly watch: Watch = async function* (this: History, { follow, signal }: Parameters<Watch>[0]) {
    this.reads += 1;
    for (let at = 0; !signal.aborted;) {
      if (at < this.entries.length) yield this.entries[at++]!;
      else if (!follow || this.#isOver) return;
      else
        await new Promise<void>((resolve) => {
          this.#wake.push(resolve);
          signal.addEventListener('abort', () => resolve(), { once: true });
        });
    }
  }.bind(this);

  #tell(): void {
    for (const each of this.#wake.splice(0)) each();
  }
}

async function all(events: AsyncGenerator<string>): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const each of events) found.push(each);
  return found;
}

const numbersIn = (events: readonly string[]): readonly number[] =>
  events.filter((each) => each !== END).map((each) => Number(/^id: (\d+)\n/.exec(each)![1]));

describe('G4: a session that many follow', () => {
  test('is told in order and without a gap, wherever readers begin', async () => {
    const growth = fc.array(fc.nat(12), { maxLength: 6 });
    const readers = fc.array(fc.record({ from: fc.nat(40), after: fc.nat(5) }), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(growth, readers, fc.integer({ min: 1, max: 8 }), async (steps, wanted, kept) => {
        const history = new History();
        const feed = new Feed(history.watch, { events: kept, characters: 400 });
        const { signal } = new AbortController();
        const total = steps.reduce((sum, each) => sum + each, 0);
        const reading: Promise<readonly string[]>[] = [];
        for (let step = 0; step <= 5; step += 1) {
          for (const { from } of wanted.filter(({ after }) => after === step))
            reading.push(all(feed.after(Math.min(from, total), signal)));
          history.add(steps[step] ?? 0);
          await new Promise((resolve) => setImmediate(resolve));
        }
        history.end();
        const found = await Promise.all(reading);
        for (const [index, { from }] of wanted.toSorted((a, b) => a.after - b.after).entries()) {
          const begin = Math.min(from, total);
          expect(numbersIn(found[index]!)).toEqual(
            Array.from({ length: total - begin }, (_, each) => begin + each + 1),
          );
          expect(found[index]!.at(-1)).toBe(END);
        }
      }),
      { numRuns: 50 },
    );
  });

  test('is read once for all who keep up', async () => {
    const history = new History();
    history.add(3);
    const feed = new Feed(history.watch);
    const { signal } = new AbortController();
    const reading = Array.from({ length: 20 }, () => all(feed.after(0, signal)));
    history.add(2);
    history.end();
    for (const events of await Promise.all(reading)) expect(numbersIn(events)).toEqual([1, 2, 3, 4, 5]);
    expect(history.reads).toBe(1);
  });
});

describe('G4: a stream of events', () => {
  async function* never(): AsyncGenerator<string> {
    await new Promise(() => undefined);
    yield '';
  }
  async function* always(): AsyncGenerator<string> {
    for (;;) yield `data: ${'x'.repeat(1000)}\n\n`;
  }

  test('ends where its reader may read no longer, and says that it is there until then', async () => {
    let looks = 0;
    const look = async (): Promise<void> => {
      looks += 1;
      if (looks === 3) throw new Error('revoked');
    };
    const stopped: string[] = [];
    const response = streamOf(never(), { look, stop: () => stopped.push('stopped'), silent: 1 });
    expect(await response.text()).toBe('retry: 2000\n\n: still there\n\n: still there\n\n');
    expect(stopped).toEqual(['stopped']);
  });

  test('is cut off where nobody takes what is sent', async () => {
    const stopped = new Promise<void>((resolve) => {
      const response = streamOf(always(), { look: async () => undefined, stop: resolve, stalled: 1 });
      void response.body!.getReader().read();
    });
    await stopped;
  });
});
