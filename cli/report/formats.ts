/** How a report is written. */
export const FORMATS = ['text', 'md', 'html', 'json', 'csv'] as const;
export type Format = (typeof FORMATS)[number];
