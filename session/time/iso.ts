/** An instant in epoch milliseconds as ISO 8601. */
export const iso = (instant: number): string => new Date(instant).toISOString();
