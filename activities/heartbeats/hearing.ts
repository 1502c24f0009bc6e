import type { CallOptions } from '../../mcp/calls/call.ts';
import type { SendingMark } from '../../protocol/calls/marks.ts';
import type { AttemptOrder, CallLog, Said } from '../../protocol/calls/said.ts';
import type { Screen } from '../scan/screen.ts';
import type { Heartbeats } from './heartbeats.ts';
import { LastWords } from './said.ts';

/**
 * Hears what a server says in one attempt, and puts it into the heartbeats: how far it is, for whoever looks at the
 * session; and, where the caller wants to hear it, its last words.
 */
export class Hearing {
  readonly #intent: Pick<AttemptOrder, 'callId' | 'hears'>;
  readonly #beats: Pick<Heartbeats, 'add'>;
  readonly #screen: Pick<Screen, 'progress' | 'log'>;
  readonly #last: LastWords | undefined;

  constructor(
    intent: Pick<AttemptOrder, 'callId' | 'server' | 'attempt' | 'hears'>,
    beats: Pick<Heartbeats, 'add'>,
    screen: Pick<Screen, 'progress' | 'log'>,
  ) {
    const { callId, server, attempt, hears } = intent;
    this.#intent = intent;
    this.#beats = beats;
    this.#screen = screen;
    this.#last = hears && new LastWords({ callId, server, attempt }, hears);
  }

  /** What the request is made with. */
  get options(): Pick<CallOptions, 'onProgress' | 'onLog' | 'level' | 'onUpdate' | 'uris'> {
    const { level, uris } = this.#intent.hears ?? {};
    const onProgress: CallOptions['onProgress'] = (given) => {
      const progress = this.#screen.progress(given);
      this.#last?.add({ progress });
      this.#tell({ progress: { callId: this.#intent.callId, ...progress } });
    };
    return {
      onProgress,
      ...(level === undefined ? {} : { level, onLog: (log: CallLog) => this.#log(log) }),
      ...(uris ? { uris, onUpdate: (updated: string) => void (this.#last?.add({ updated }) && this.#tell({})) } : {}),
    };
  }

  get said(): Said | undefined {
    return this.#last?.said;
  }

  #log(given: CallLog): void {
    const log = this.#screen.log(given);
    if (log && this.#last?.add({ log })) this.#tell({});
  }

  #tell(more: Partial<SendingMark>): void {
    const { said } = this;
    this.#beats.add({ ...more, ...(said ? { said } : {}) });
  }
}
