/** Milliseconds after which a silent stream says that it is there, and its reader is looked at again. */
const SILENT = 15_000;
/** Milliseconds for which a reader may take nothing, before it is taken for gone. */
const STALLED = 30_000;
/** Milliseconds until a reader that was cut off comes again. */
const RETRY = 2000;

export interface StreamOptions {
  /** Fails where the reader may read no longer. */
  readonly look: () => Promise<unknown>;
  /** Ends what the events come from. */
  readonly stop: () => void;
  readonly silent?: number;
  readonly stalled?: number;
}

/** Server-sent events, as fast as they are read. */
export function streamOf(events: AsyncIterator<string>, options: StreamOptions): Response {
  const { look, stop, silent = SILENT, stalled = STALLED } = options;
  const bytes = new TextEncoder();
  let next: Promise<IteratorResult<string>> | undefined;
  let stall: NodeJS.Timeout | undefined;
  let isOver = false;
  const end = (): void => {
    isOver = true;
    clearTimeout(stall);
    stop();
  };
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(bytes.encode(`retry: ${RETRY}\n\n`)),
    async pull(controller) {
      clearTimeout(stall);
      const send = (text: string): void => {
        if (isOver) return;
        controller.enqueue(bytes.encode(text));
        stall = setTimeout(() => {
          end();
          controller.error(new Error('It was not read.'));
        }, stalled);
      };
      try {
        next ??= events.next();
        const found = await within(next, silent);
        if (found === undefined) {
          await look();
          return send(': still there\n\n');
        }
        next = undefined;
        if (!found.done) return send(found.value);
      } catch {
        // Its reader comes again, and hears why.
      }
      if (isOver) return;
      end();
      controller.close();
    },
    cancel: end,
  });
  return new Response(body, {
    headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' },
  });
}

/** Undefined where it takes longer. */
async function within<T>(work: Promise<T>, ms: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
