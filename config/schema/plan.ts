import { START } from '../../protocol/fields.ts';
import { isObject, type Json } from '../../protocol/values/json.ts';
import { referencesIn } from '../../protocol/values/references.ts';
import type { Path, Problem } from '../../protocol/values/check.ts';
import { didYouMean, listed, quote } from '../../protocol/values/text.ts';

/** A call as it was written, wherever it stands in the plan. */
interface WrittenCall {
  readonly path: Path;
  /** Index of the step that it belongs to. */
  readonly step: number;
  readonly call: unknown;
  readonly as: unknown;
  readonly args: unknown;
}

/**
 * What is wrong between the parts of a plan: servers that the session does not open, names, references, checkpoints.
 */
export function planProblems(spec: unknown): Problem[] {
  if (!isObject(spec) || !Array.isArray(spec['plan'])) return [];
  const calls = writtenCalls(spec['plan'] as unknown[]);
  return [
    ...serverProblems(calls, spec['servers']),
    ...nameProblems(calls),
    ...referenceProblems(calls),
    ...checkpointProblems(spec['plan'] as unknown[]),
  ];
}

const writtenCalls = (plan: readonly unknown[]): WrittenCall[] =>
  plan.flatMap((step, index) => {
    const members: unknown = isObject(step) ? step['parallel'] : undefined;
    const leaves = Array.isArray(members)
      ? (members as unknown[]).map((leaf, at) => ({ leaf, path: ['plan', index, 'parallel', at] }))
      : [{ leaf: step, path: ['plan', index] }];
    return leaves.flatMap(({ leaf, path }) =>
      isObject(leaf) ? [{ path, step: index, call: leaf['call'], as: leaf['as'], args: leaf['args'] }] : [],
    );
  });

/** Checkpoints are named once, and before a step goes back to them. */
function checkpointProblems(plan: readonly unknown[]): Problem[] {
  const known = new Set<unknown>();
  return plan.flatMap((step, index): Problem[] => {
    const { checkpoint, rollback } = isObject(step) ? step : {};
    const path = ['plan', index, checkpoint === undefined ? 'rollback' : 'checkpoint'];
    if (typeof checkpoint === 'string') {
      const problems = known.has(checkpoint)
        ? [{ path, message: `${quote(checkpoint)} names two checkpoints; choose another name` }]
        : [];
      known.add(checkpoint);
      return problems;
    }
    if (typeof rollback !== 'string' || rollback === START || known.has(rollback)) return [];
    return [
      {
        path,
        message: `goes back to ${quote(rollback)}, which no earlier step makes; write one that does, or "${START}"`,
      },
    ];
  });
}

function serverProblems(calls: readonly WrittenCall[], servers: unknown): Problem[] {
  if (!Array.isArray(servers)) return [];
  const named = servers.filter((server) => typeof server === 'string');
  return calls.flatMap(({ path, call }) => {
    const dot = typeof call === 'string' ? call.indexOf('.') : -1;
    if (typeof call !== 'string' || dot < 1) return [];
    const server = call.slice(0, dot);
    if (named.includes(server)) return [];
    return [
      {
        path: [...path, 'call'],
        message:
          `calls server ${quote(server)}, which is not listed under ` +
          `servers${didYouMean(server, named) || '; add it there'}`,
      },
    ];
  });
}

function nameProblems(calls: readonly WrittenCall[]): Problem[] {
  const seen = new Set<unknown>();
  return calls.flatMap(({ path, as }) => {
    if (typeof as !== 'string') return [];
    const problems = seen.has(as)
      ? [{ path: [...path, 'as'], message: `${quote(as)} names two results; choose another name` }]
      : [];
    seen.add(as);
    return problems;
  });
}

function referenceProblems(calls: readonly WrittenCall[]): Problem[] {
  const stepOf = new Map<string, number>();
  for (const { as, step } of calls) if (typeof as === 'string' && !stepOf.has(as)) stepOf.set(as, step);
  return calls.flatMap(({ path, step, args }) =>
    texts(args, [...path, 'args']).flatMap(({ text, path: at }) => {
      const references = referencesIn(text);
      const problems = references.flatMap(({ name }) => unusable(name, step, stepOf));
      if (openings(text) > references.length)
        problems.push(
          'holds a "${" that is no reference; write ${name.path.to.part}, or $${ for the characters themselves',
        );
      return problems.map((message) => ({ path: at, message }));
    }),
  );
}

function unusable(name: string, step: number, stepOf: ReadonlyMap<string, number>): string[] {
  const from = stepOf.get(name);
  if (from === undefined) {
    const known = [...stepOf.keys()];
    const names = known.length > 0 ? `; the plan names ${listed(known.slice(0, 20))}` : '; name the call with "as"';
    return [`refers to ${quote(name)}, and no call of the plan has that name${didYouMean(name, known) || names}`];
  }
  if (from < step) return [];
  const when = from > step ? 'is the result of a later step' : 'is a result of this same step';
  return [`refers to ${quote(name)}, which ${when}; only results of earlier steps can be used`];
}

/** `${` without those that are escaped. */
const openings = (text: string): number => text.replaceAll('$${', ' ').split('${').length - 1;

/** The texts anywhere in a value. */
function texts(value: unknown, path: Path): { readonly text: Json & string; readonly path: Path }[] {
  if (typeof value === 'string') return value.includes('${') ? [{ text: value, path }] : [];
  if (Array.isArray(value)) return (value as unknown[]).flatMap((item, index) => texts(item, [...path, index]));
  return isObject(value) ? Object.entries(value).flatMap(([key, item]) => texts(item, [...path, key])) : [];
}
