const UNITS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const FORM = /^(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/;

/** Milliseconds of `24h`, `30m`, `1h30m`, `7d`, `10s`, `500ms`; undefined when the text is no duration. */
export function parseDuration(text: string): number | undefined {
  const match = FORM.exec(text);
  if (!match || text === '') return undefined;
  const [d, h, m, s, ms] = match.slice(1).map((part) => Number(part ?? 0)) as [number, number, number, number, number];
  const sum = d * UNITS.d + h * UNITS.h + m * UNITS.m + s * UNITS.s + ms;
  return Number.isSafeInteger(sum) ? sum : undefined;
}

/** The shortest text that `parseDuration` reads back: `1h30m`, `2s`, `0s`. */
export function formatDuration(milliseconds: number): string {
  let rest = Math.round(milliseconds);
  let text = '';
  for (const unit of ['d', 'h', 'm', 's', 'ms'] as const) {
    const count = Math.floor(rest / UNITS[unit]);
    if (count > 0) text += `${count}${unit}`;
    rest -= count * UNITS[unit];
  }
  return text || '0s';
}
