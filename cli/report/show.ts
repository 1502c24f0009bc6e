import type { Report } from '../../audit/report/model.ts';
import { csvOf } from '../../audit/report/render/csv.ts';
import { markdownOf } from '../../audit/report/render/markdown.ts';
import { htmlOf } from '../../audit/report/render/page.ts';
import { textOf } from '../../audit/report/render/text.ts';
import { printable, printableJson } from '../io/printable.ts';
import { table } from '../render/table.ts';
import type { Format } from './formats.ts';

/** A report in a form, without a line end after it. */
export function reportText(report: Report, format: Format): string {
  switch (format) {
    case 'text':
      return inWords(report);
    case 'md':
      return markdownOf(report).trimEnd();
    case 'html':
      return htmlOf(report).trimEnd();
    case 'json':
      return printableJson(report, 2);
    case 'csv':
      return csvOf(report).trimEnd();
    default:
      return format satisfies never;
  }
}

function inWords(report: Report): string {
  const { title, under, sections } = textOf(report);
  const tables = sections.map(
    ({ title: name, columns, rows }) =>
      `${name.toUpperCase()}\n${
        rows.length === 0
          ? '  none'
          : table(
              columns.map((column) => column.toUpperCase()),
              rows,
              '  ',
            )
      }`,
  );
  const head = [title, ...under.map((each) => `under the checkpoint of ${printable(each)}`)].join('\n');
  return [head, ...tables].join('\n\n');
}
