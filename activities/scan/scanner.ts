import { setImmediate } from 'node:timers/promises';
import {
  type Finding,
  marker,
  NOT_SCANNED,
  type ScanAction,
  type Scanned,
  type ScanWanted,
} from '../../protocol/incidents/scan.ts';
import type { Json } from '../../protocol/values/json.ts';
import { CARD } from './card.ts';
import { IBAN } from './iban.ts';
import { MAIL } from './mail.ts';
import { PHONES } from './phone.ts';
import type { ScanRule, Span } from './rules.ts';
import { type Hit, SecretlintThread } from './secretlint.ts';
import { mapTexts, type Piece, textsOf } from './texts.ts';
import { TOKENS } from './tokens.ts';

const RULES: readonly ScanRule[] = [...TOKENS, MAIL, IBAN, CARD, ...PHONES];

/** Characters after which others have a turn. */
const AT_ONCE = 256 * 1024;

/** What a scan made of a value. */
export interface Scan {
  /** The value with markers in place of what is to be redacted, or blocked. */
  readonly value: Json;
  readonly found: readonly Omit<Finding, 'in'>[];
  /** The names of rules, where something is to be blocked. */
  readonly blocked: readonly string[];
  /** Why it could not be scanned for what is to be redacted or blocked: the value is as it was. */
  readonly problem?: string;
}

type Action = Exclude<ScanAction, 'off'>;
type Found = Hit & { readonly what: Scanned };

const DONE: { readonly [action in Action]: Finding['done'] } = {
  flag: 'flagged',
  redact: 'redacted',
  block: 'blocked',
};

/** Looks for secrets and personal data in values. Costs nothing before it is first asked. */
export class Scanner {
  readonly #secretlint: SecretlintThread;

  /** @param options.limit milliseconds for one value */
  constructor(options: { readonly limit?: number } = {}) {
    this.#secretlint = new SecretlintThread(options);
  }

  async scan(value: Json, wanted: ScanWanted): Promise<Scan> {
    const { text, pieces } = textsOf(value);
    if (text === '') return { value, found: [], blocked: [] };
    const secrets = wanted.secrets === undefined ? [] : await this.#secretsIn(text);
    const isScanned = typeof secrets !== 'string';
    const action = wanted.secrets ?? 'flag';
    if (!isScanned && action !== 'flag') return { value, found: [notScanned(action)], blocked: [], problem: secrets };
    const hits = [...(isScanned ? secrets : []), ...(await formsIn(text, wanted))];
    const scan = hits.length === 0 ? { value, found: [], blocked: [] } : applied(value, pieces, hits, wanted);
    return isScanned ? scan : { ...scan, found: [notScanned(action), ...scan.found] };
  }

  close(): Promise<void> {
    return this.#secretlint.close();
  }

  async #secretsIn(text: string): Promise<readonly Found[] | string> {
    try {
      const hits = await this.#secretlint.find(text);
      return hits.map((hit) => ({ ...hit, what: 'secrets' as const }));
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }
}

/** What is only flagged goes on all the same. */
const notScanned = (action: Action): Omit<Finding, 'in'> => ({
  what: 'secrets',
  rule: NOT_SCANNED,
  path: '$',
  times: 1,
  done: DONE[action],
});

async function formsIn(text: string, wanted: ScanWanted): Promise<readonly Found[]> {
  const found: Found[] = [];
  for (const { what, name, find } of RULES) {
    if (wanted[what] === undefined) continue;
    if (text.length > AT_ONCE) await setImmediate();
    for (const span of find(text)) found.push({ ...span, what, rule: name });
  }
  return found;
}

function applied(value: Json, pieces: readonly Piece[], hits: readonly Found[], wanted: ScanWanted): Scan {
  const byPiece = hitsByPiece(pieces, hits);
  const found = new Map<string, Omit<Finding, 'in'>>();
  const blocked = new Set<string>();
  const next = mapTexts(value, (index, text, path) => {
    const here = byPiece.get(index);
    if (!here) return text;
    for (const { what, rule } of here) {
      const action = wanted[what] ?? 'flag';
      if (action === 'block') blocked.add(rule);
      const key = `${rule} ${path}`;
      const times = (found.get(key)?.times ?? 0) + 1;
      found.set(key, { what, rule, path, times, done: DONE[action] });
    }
    const start = pieces[index]?.start ?? 0;
    return redactedText(
      text,
      here.filter(({ what }) => wanted[what] !== 'flag').map((hit) => shifted(hit, start, text.length)),
    );
  });
  return { value: next, found: [...found.values()], blocked: [...blocked] };
}

/** What is found in a name and its text is in the text. */
function hitsByPiece(pieces: readonly Piece[], hits: readonly Found[]): ReadonlyMap<number, readonly Found[]> {
  const byPiece = new Map<number, Found[]>();
  for (const hit of hits) {
    const touched: number[] = [];
    for (let index = firstAfter(pieces, hit.start); index < pieces.length; index += 1) {
      if ((pieces[index]?.start ?? Infinity) >= hit.end) break;
      touched.push(index);
    }
    const values = touched.filter((index) => pieces[index]?.is === 'value');
    for (const index of values.length > 0 ? values : touched) {
      const here = byPiece.get(index) ?? [];
      if (here.length === 0) byPiece.set(index, here);
      here.push(hit);
    }
  }
  return byPiece;
}

/** Index of the first piece that ends after an offset. */
function firstAfter(pieces: readonly Piece[], offset: number): number {
  let low = 0;
  let high = pieces.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((pieces[middle]?.end ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

const shifted = ({ rule, start, end }: Hit, by: number, length: number): Hit => ({
  rule,
  start: Math.max(0, start - by),
  end: Math.min(length, end - by),
});

/** What overlaps gives way to one marker, of what begins first. */
function redactedText(text: string, hits: readonly (Hit & Span)[]): string {
  let next = '';
  let at = 0;
  let last: Hit | undefined;
  for (const hit of hits.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    if (last && hit.start < at) {
      at = Math.max(at, hit.end);
      continue;
    }
    next += text.slice(at, hit.start) + marker(hit.rule);
    at = hit.end;
    last = hit;
  }
  return next + text.slice(at);
}
