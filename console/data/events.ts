import { type Signal, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Entry } from '../../client/index.ts';
import { API } from './api.ts';
import { part } from './twin.ts';

/** Entries that are kept; of a longer log the beginning is left out. */
const MOST = 20_000;
/** Milliseconds in which entries that come one after the other are shown at once. */
const TOGETHER = 100;

export interface Log {
  readonly entries: readonly Entry[];
  readonly leftOut: number;
  /** Does it hear of what happens? */
  readonly isLive: boolean;
}

/** What happens to a session, from its beginning and as it goes on. @param onNews hears that something came */
export function useLog(session: string, onNews: () => void): Signal<Log> {
  const log = useSignal<Log>({ entries: [], leftOut: 0, isLive: false });
  useEffect(() => {
    const source = new EventSource(`${API}/sessions/${part(session)}/events`);
    let fresh: Entry[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    const show = (): void => {
      timer = undefined;
      const all = [...log.value.entries, ...fresh];
      fresh = [];
      const over = Math.max(0, all.length - MOST);
      log.value = { entries: all.slice(over), leftOut: log.value.leftOut + over, isLive: true };
      onNews();
    };
    source.addEventListener('open', () => (log.value = { ...log.value, isLive: true }));
    source.addEventListener('error', () => (log.value = { ...log.value, isLive: false }));
    source.addEventListener('message', ({ data }: MessageEvent<string>) => {
      fresh.push(JSON.parse(data) as Entry);
      timer ??= setTimeout(show, TOGETHER);
    });
    // Nothing comes after it: to ask again would begin anew.
    source.addEventListener('end', () => source.close());
    return () => {
      source.close();
      clearTimeout(timer);
    };
  }, [session]);
  return log;
}
