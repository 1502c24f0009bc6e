import { signal } from '@preact/signals';

/** Epoch milliseconds, told anew each second. */
export const clock = signal(Date.now());

export const startClock = (): unknown => setInterval(() => (clock.value = Date.now()), 1000);

const STEPS = [
  [86_400, 'd'],
  [3600, 'h'],
  [60, 'm'],
  [1, 's'],
] as const;

/** A length of time in its two largest parts, as `3h 20m`. @param ms may be negative */
export function span(ms: number): string {
  let left = Math.round(Math.abs(ms) / 1000);
  const parts: string[] = [];
  for (const [seconds, unit] of STEPS) {
    const count = Math.floor(left / seconds);
    left -= count * seconds;
    if (count > 0 || (parts.length === 0 && unit === 's')) parts.push(`${count}${unit}`);
    else if (parts.length > 0) break;
    if (parts.length === 2) break;
  }
  return parts.join(' ');
}

/** `in 3h 20m` or `5m ago`. */
export const distance = (iso: string, now: number): string => {
  const ms = Date.parse(iso) - now;
  return ms >= 0 ? `in ${span(ms)}` : `${span(ms)} ago`;
};

/** Milliseconds as people say them of tools: `340 ms`, `2.1 s`, then as `span`. */
export const short = (ms: number): string =>
  ms < 1000 ? `${Math.round(ms)} ms` : ms < 60_000 ? `${(ms / 1000).toFixed(1)} s` : span(ms);
