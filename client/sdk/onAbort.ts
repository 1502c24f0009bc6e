/** What is to be done when a signal is aborted. */
const waiting = new WeakMap<AbortSignal, Set<() => void>>();

/**
 * Does something when the signal is aborted, unless it is given up before. However much waits for it there is one
 * listener on the signal, and none once nothing waits: Node.js warns of a leak from the eleventh on.
 *
 * @param signal not aborted yet
 * @returns gives it up
 */
export function onAbort(signal: AbortSignal, act: () => void): () => void {
  const acts = waiting.get(signal) ?? listenTo(signal);
  acts.add(act);
  return () => {
    acts.delete(act);
    if (acts.size > 0 || waiting.get(signal) !== acts) return;
    waiting.delete(signal);
    signal.removeEventListener('abort', abort);
  };
}

function listenTo(signal: AbortSignal): Set<() => void> {
  const acts = new Set<() => void>();
  waiting.set(signal, acts);
  signal.addEventListener('abort', abort, { once: true });
  return acts;
}

function abort(this: AbortSignal): void {
  const acts = waiting.get(this) ?? [];
  waiting.delete(this);
  for (const act of acts) act();
}
