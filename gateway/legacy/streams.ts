import { CustodyError } from '../../protocol/errors.ts';

/** Streams of the clients of one principal in one session. */
const MOST = 16;
/** Bytes that a client may be behind with reading before its stream is closed. */
const BEHIND = 1024 * 1024;
/** Milliseconds between comments that keep what stands between from closing the stream. */
const ALIVE = 15_000;

const HEADERS = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
};
const encoder = new TextEncoder();

interface Open {
  write(text: string): void;
  close(): void;
}

/** The streams that clients of older generations open by GET, to hear what the gateway says of its own. */
export class LegacyStreams {
  readonly #open = new Map<string, Open>();

  /**
   * A stream for a client, in place of one that it had: nothing tells a lost one from one that nobody reads.
   *
   * @param first what it says at once
   * @throws CustodyError GATEWAY_BUSY
   */
  open(owner: string, first: () => Promise<readonly object[]>): Response {
    if (!this.#open.has(owner) && this.#open.size >= MOST)
      throw new CustodyError('GATEWAY_BUSY', `${this.#open.size} streams of this token are open in this session.`);
    this.#open.get(owner)?.close();
    let stream: Open | undefined;
    const body = new ReadableStream<Uint8Array>(
      {
        start: async (controller) => {
          stream = this.#begin(owner, controller);
          stream.write(':\n\n');
          for (const message of await first().catch(() => [])) stream.write(eventOf(message));
        },
        cancel: () => stream?.close(),
      },
      new ByteLengthQueuingStrategy({ highWaterMark: BEHIND }),
    );
    return new Response(body, { headers: HEADERS });
  }

  /** Says the same on all of them. */
  tell(message: object): void {
    for (const stream of this.#open.values()) stream.write(eventOf(message));
  }

  /** Ends that of a client, if it has one. */
  end(owner: string): void {
    this.#open.get(owner)?.close();
  }

  close(): void {
    for (const stream of this.#open.values()) stream.close();
  }

  #begin(owner: string, controller: ReadableStreamDefaultController<Uint8Array>): Open {
    let isOpen = true;
    const close = (): void => {
      if (!isOpen) return;
      isOpen = false;
      clearInterval(timer);
      if (this.#open.get(owner) === stream) this.#open.delete(owner);
      try {
        controller.close();
      } catch {
        // Its client closed it.
      }
    };
    const write = (text: string): void => {
      if (!isOpen) return;
      controller.enqueue(encoder.encode(text));
      if ((controller.desiredSize ?? 0) <= 0) close();
    };
    const timer = setInterval(() => write(':\n\n'), ALIVE);
    timer.unref();
    const stream = { write, close };
    this.#open.set(owner, stream);
    return stream;
  }
}

const eventOf = (message: object): string => `event: message\ndata: ${JSON.stringify(message)}\n\n`;
