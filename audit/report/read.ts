import { REPORTS } from '../../protocol/reports/names.ts';
import { canonical } from '../../protocol/values/digest.ts';
import { isObject, type Json } from '../../protocol/values/json.ts';
import { textOf } from '../tlog/note/text.ts';
import { isShallow } from '../verify/json.ts';
import { type Report, REPORT_VERSION } from './model.ts';

/** Bytes of the largest file that is read as a report. */
export const MOST_REPORT = 32 * 1024 * 1024;

/** Lists and objects in it; a figure takes four, with what it cites. */
const MOST_PARTS = 1_000_000;
const OPENS: ReadonlySet<number> = new Set(['[', '{'].map((each) => each.charCodeAt(0)));

/** Characters that the names of all figures may have together: each is named by its section and row. */
const MOST_NAMES = 64 * 1024 * 1024;
const SHORTEST_NAME = 64;

/**
 * The report that a file holds as JSON; undefined for what is none. Its form is looked at as far as its figures can be
 * found in it: all else shows when it is held against the one that records give.
 */
export function reportIn(bytes: Uint8Array): Report | undefined {
  if (bytes.length > MOST_REPORT || partsIn(bytes) > MOST_PARTS || !isShallow(bytes)) return undefined;
  try {
    const value = JSON.parse(textOf(bytes) ?? '') as Json;
    // Throws for numbers and texts that RFC 8785 does not have.
    canonical(value);
    return isReport(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** At most so many: brackets within texts count as well. */
const partsIn = (bytes: Uint8Array): number => bytes.reduce((sum, byte) => (OPENS.has(byte) ? sum + 1 : sum), 0);

type Unread = { readonly [Key in keyof Report]: unknown };

function isReport(value: unknown): value is Report {
  if (!isObject(value) || value.v !== REPORT_VERSION) return false;
  const { kind, sources, sections } = value as Unread;
  if (!REPORTS.some((name) => name === kind) || !areAll(sources, isObject) || !areAll(sections, isSection))
    return false;
  return sections.reduce((sum, section) => sum + namesIn(section), 0) <= MOST_NAMES;
}

interface Figures {
  readonly id: string;
  readonly columns: readonly unknown[];
  readonly rows: readonly { readonly name: string; readonly figures: readonly unknown[] }[];
}

const isSection = (value: unknown): value is Figures =>
  isObject(value) &&
  typeof value.id === 'string' &&
  areAll(value.columns, (column) => typeof column === 'string') &&
  areAll(value.rows, (row) => isObject(row) && typeof row.name === 'string' && areAll(row.figures, isObject));

const namesIn = ({ id, rows }: Figures): number =>
  rows.reduce((sum, { name, figures }) => sum + (id.length + name.length + SHORTEST_NAME) * (figures.length + 1), 0);

function areAll<T>(value: unknown, is: (each: unknown) => each is T): value is readonly T[];
function areAll(value: unknown, is: (each: unknown) => boolean): value is readonly unknown[];
function areAll(value: unknown, is: (each: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(is);
}
