import type { CedarValueJson } from '@cedar-policy/cedar-wasm/nodejs';
import { isObject, type Json } from '../protocol/values/json.ts';

/** Characters of a text that rules can look into. */
const MOST_TEXT = 64 * 1024;
/** Of all arguments of a call together; a value counts `NODE`. */
const MOST_ALL = 512 * 1024;
const NODE = 16;
const MOST_DEPTH = 32;
/** The range of a decimal of Cedar, before its point, and its digits after it. */
const DECIMAL = /^-?\d{1,14}(\.\d{1,4})?$/;

/** Members with which Cedar's JSON writes other things than records: nobody outside may. */
const ESCAPES = ['__entity', '__extn', '__expr'] as const;

/**
 * Arguments of a call as Cedar has them. Cedar has no null, no fractions, and sets instead of lists: what is null is
 * not there, a number that the tool's schema calls `number` is a decimal, and a whole number else is a long. What Cedar
 * cannot hold is an entity that no rule can name: it equals nothing, and a rule that looks into it cannot be evaluated,
 * which denies the call.
 *
 * @param decimals see `ToolPin.decimals`
 */
export function toCedar(value: Json, decimals: readonly string[] = []): CedarValueJson | undefined {
  return new Conversion(new Set(decimals)).value(value, '', 0);
}

class Conversion {
  private left = MOST_ALL;

  private readonly decimals: ReadonlySet<string>;

  constructor(decimals: ReadonlySet<string>) {
    this.decimals = decimals;
  }

  value(value: Json, path: string, depth: number): CedarValueJson | undefined {
    if (value === null) return undefined;
    this.left -= NODE + (typeof value === 'string' ? value.length : 0);
    if (this.left < 0) return unreadable('the arguments are too large');
    if (typeof value === 'string') return value.length > MOST_TEXT ? unreadable('the text is too long') : value;
    if (typeof value === 'boolean') return value;
    if (typeof value === 'number') return this.decimals.has(path) ? decimal(value) : long(value);
    if (depth >= MOST_DEPTH) return unreadable('it is nested too deep');
    if (Array.isArray(value))
      return value.map((item) => this.value(item, `${path}[]`, depth + 1) ?? unreadable('it is null'));
    if (!isObject(value) || ESCAPES.some((key) => Object.hasOwn(value, key)))
      return unreadable('it has a member of a reserved name');
    const members = Object.entries(value as { [key: string]: Json }).flatMap(([key, member]) => {
      const held = this.value(member, path === '' ? key : `${path}.${key}`, depth + 1);
      return held === undefined ? [] : [[key, held] as const];
    });
    return Object.fromEntries(members);
  }
}

/** Rules can do nothing with it but compare it, and it equals nothing that they can write. */
const unreadable = (why: string): CedarValueJson => ({ __entity: { type: 'Custody::Unreadable', id: why } });

const long = (value: number): CedarValueJson =>
  Number.isSafeInteger(value) ? value + 0 : Number.isInteger(value) ? unreadable('it is too large') : decimal(value);

function decimal(value: number): CedarValueJson {
  const text = String(value);
  if (!DECIMAL.test(text)) return unreadable('a decimal has at most 14 digits before the point and 4 after it');
  return { __extn: { fn: 'decimal', arg: text.includes('.') ? text : `${text}.0` } };
}
