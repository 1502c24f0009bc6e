import { byPattern, type ScanRule } from './rules.ts';

/** A plus, a country code and the rest, 8 to 15 digits; with 00 for the plus only where it is written in groups. */
const INTERNATIONAL = /(?<![\w+])(?:\+|00(?=\d{1,3}[ ./-]))[1-9](?:[ ./()-]{0,2}\d){7,14}(?![\w])/g;
/** As North America writes them: three digits, three and four, with separators. */
const NORTH_AMERICAN = /(?<![\w.+-])(?:\([2-9]\d{2}\) ?|[2-9]\d{2}[.-])[2-9]\d{2}[.-]\d{4}(?![\w.-]*\d)/g;

/** Numbers of telephones. Others in national form are not told from other numbers. */
export const PHONES: readonly ScanRule[] = [
  byPattern('phone', 'phone', INTERNATIONAL),
  byPattern('phone', 'phone', NORTH_AMERICAN),
];
