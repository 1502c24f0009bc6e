import { formatDuration } from '../../protocol/values/duration.ts';

const MINUTE = 60_000;

/** How far an instant is from now: `in 1h30m`, `5m ago`. Exact to the second below ten minutes, else to the minute. */
export function distance(iso: string, now: number = Date.now()): string {
  const ms = Date.parse(iso) - now;
  const unit = Math.abs(ms) < 10 * MINUTE ? 1000 : MINUTE;
  const text = formatDuration(Math.round(Math.abs(ms) / unit) * unit);
  return ms >= 0 ? `in ${text}` : `${text} ago`;
}
