import type { Report } from '../../audit/report/model.ts';
import { csvOf } from '../../audit/report/render/csv.ts';
import { markdownOf } from '../../audit/report/render/markdown.ts';
import { htmlOf } from '../../audit/report/render/page.ts';

export const FORMATS = ['json', 'md', 'html', 'csv'] as const;
type Format = (typeof FORMATS)[number];

export const TYPES = {
  md: 'text/markdown; charset=utf-8',
  html: 'text/html; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
} as const;

const WRITERS = { md: markdownOf, html: htmlOf, csv: csvOf } as const;

/** A report in a form. A page of it runs no script and asks for nothing, whatever stands in it. */
export function inFormat(report: Report, format: Format): Report | Response {
  if (format === 'json') return report;
  return new Response(WRITERS[format](report), {
    headers: {
      'content-type': TYPES[format],
      'cache-control': 'no-store',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    },
  });
}
