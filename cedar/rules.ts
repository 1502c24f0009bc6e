import { type PolicyJson, policySetTextToParts, policyToJson } from '@cedar-policy/cedar-wasm/nodejs';
import type { PolicyDocument } from '../protocol/calls/policy.ts';
import { parseDuration } from '../protocol/values/duration.ts';
import { at, type Place, whereIn } from './place.ts';

/** One rule, as its author wrote it. */
export interface Rule {
  /** By `@id`; else file and line. */
  readonly id: string;
  readonly effect: 'permit' | 'forbid';
  readonly place: Place;
  readonly text: string;
  /** By `@says`: what a denied caller is told. */
  readonly says?: string;
  /** By `@mode("log-only")`: on record, and without effect. */
  readonly isOnTrial: boolean;
  /** By `@approval`: what it forbids may be done once so many persons approve. */
  readonly approval?: { readonly persons: number; readonly expires: number };
  readonly json: PolicyJson;
}

/** What is wrong with the text of rules, and where. */
export interface RuleProblem {
  readonly place: Place;
  readonly message: string;
}

export interface Rules {
  readonly rules: readonly Rule[];
  readonly problems: readonly RuleProblem[];
}

/** Id of what allows a call where a set allows by default, and no other rule does. */
export const BY_DEFAULT = 'default';

/** Bytes of the files of one set, and rules in them. */
export const MOST_BYTES = 256 * 1024;
export const MOST_RULES = 1000;

const DAY = 24 * 60 * 60 * 1000;
const MOST_PERSONS = 10;
/** The longest that somebody may take to decide: a session lasts no longer by far. */
const LONGEST = 30 * DAY;

/** Takes the files of a set apart. Never throws: what cannot be read is a problem with a place. */
export function rulesOf({ files }: PolicyDocument): Rules {
  const bytes = files.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
  if (bytes > MOST_BYTES) {
    const message = `the rules are ${bytes} bytes, and a set may have ${MOST_BYTES}`;
    return { rules: [], problems: [{ place: at(files[0]?.name ?? '', '', 0), message }] };
  }
  const read = files.map(({ name, text }) => rulesIn(name, text));
  const rules = read.flatMap((each) => each.rules);
  const problems = [...read.flatMap((each) => each.problems), ...twice(rules)];
  const [beyond] = rules.slice(MOST_RULES);
  if (beyond)
    problems.push({ place: beyond.place, message: `is one rule more than the ${MOST_RULES} that a set may have` });
  return { rules, problems };
}

/** Expressions that are nested too deep for Cedar throw, and so may anything else that nobody thought of. */
function rulesIn(file: string, text: string): Rules {
  try {
    return taken(file, text);
  } catch (error) {
    const message = `cannot be read: ${(error as Error).message}; is an expression nested very deep?`;
    return { rules: [], problems: [{ place: at(file, text, 0), message }] };
  }
}

function taken(file: string, text: string): Rules {
  const parts = policySetTextToParts(text);
  if (parts.type === 'failure') {
    const problems = parts.errors.map(({ message, sourceLocations }) => ({
      place: at(file, text, sourceLocations?.[0]?.start ?? 0, true),
      message,
    }));
    return { rules: [], problems };
  }
  const problems: RuleProblem[] = [];
  const rules: Rule[] = [];
  for (const { source, offset } of whereIn(text, [...parts.policies, ...parts.policy_templates])) {
    const place = at(file, text, offset);
    const read = policyToJson(source);
    if (read.type === 'failure') {
      const why = parts.policy_templates.includes(source) ? 'is a template, and nothing fills it in' : 'cannot be read';
      problems.push({ place, message: why });
    } else rules.push(ruleOf(read.json, source, place, problems));
  }
  return { rules, problems };
}

function ruleOf(json: PolicyJson, text: string, place: Place, problems: RuleProblem[]): Rule {
  // An annotation without a text is null, whatever its type says.
  const annotations: { readonly [name: string]: string | null | undefined } = json.annotations ?? {};
  const { says, mode, approval, expires } = annotations;
  const id = annotations.id === undefined ? `${place.file}:${place.line}` : (annotations.id ?? '');
  const problem = (message: string): void => void problems.push({ place, message });
  if (id.trim() === '' || id.length > 128) problem('has an @id that is empty, or longer than 128 characters');
  if (id === BY_DEFAULT) problem(`has @id("${BY_DEFAULT}"), which stands for what holds where no rule speaks`);
  if (mode !== undefined && mode !== 'log-only' && mode !== 'enforce')
    problem(`has @mode("${mode}"); write "log-only", or leave it out`);
  const persons = approval ? Number(approval) : 1;
  const ttl = expires === undefined ? DAY : (parseDuration(expires ?? '') ?? 0);
  if (approval !== undefined) {
    if (json.effect === 'permit')
      problem('has @approval, which only a forbid can have: what it forbids, persons allow');
    if (!Number.isInteger(persons) || persons < 1 || persons > MOST_PERSONS)
      problem(`has @approval("${approval}"); write how many persons must approve, 1 to ${MOST_PERSONS}`);
    if (ttl < 1000 || ttl > LONGEST) problem(`has @expires("${expires}"); write a duration from 1s to 30d`);
  } else if (expires !== undefined) problem('has @expires without @approval');
  return {
    id,
    effect: json.effect,
    place,
    text,
    json,
    isOnTrial: mode === 'log-only',
    ...(says ? { says } : {}),
    ...(approval === undefined ? {} : { approval: { persons, expires: ttl } }),
  };
}

function twice(rules: readonly Rule[]): readonly RuleProblem[] {
  const first = new Map<string, Rule>();
  return rules.flatMap((rule) => {
    const before = first.get(rule.id);
    first.set(rule.id, before ?? rule);
    if (!before) return [];
    const { file, line } = before.place;
    return [{ place: rule.place, message: `has the @id of the rule at ${file}:${line}` }];
  });
}
