const UNITS = { B: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3, TiB: 1024 ** 4 } as const;
const FORM = /^(\d{1,16})(B|KiB|MiB|GiB|TiB)$/;

/** Bytes of `512B`, `64KiB`, `10MiB`, `1GiB`; undefined when the text is no size. */
export function parseSize(text: string): number | undefined {
  const [, count, unit] = FORM.exec(text) ?? [];
  const bytes = Number(count) * UNITS[unit as keyof typeof UNITS];
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}

/** Bytes for people, rounded: `1.5 MiB`. */
export function formatBytes(bytes: number): string {
  const unit = (['TiB', 'GiB', 'MiB', 'KiB'] as const).find((each) => bytes >= UNITS[each]) ?? 'B';
  return `${Math.round((bytes / UNITS[unit]) * 10) / 10} ${unit}`;
}

/** The shortest text that `parseSize` reads back: `1GiB`, `1536KiB`, `100B`. */
export function formatSize(bytes: number): string {
  const unit = (['TiB', 'GiB', 'MiB', 'KiB'] as const).find((each) => bytes > 0 && bytes % UNITS[each] === 0) ?? 'B';
  return `${bytes / UNITS[unit]}${unit}`;
}
