import { METHODS, type ReadMethod } from '../protocol/calls/call.ts';
import { CustodyError } from '../protocol/errors.ts';
import { isObject } from '../protocol/values/json.ts';
import { didYouMean, listed, quote } from '../protocol/values/text.ts';
import { checkDocument } from './document/check-document.ts';
import { readFileDocument } from './document/file.ts';
import { located, type Position, type Problem, problemsError } from './document/problems.ts';
import type { OperatorConfig } from './operator.ts';
import { type Given, type PolicyCase, policyCases } from './schema/policyCases.ts';
import { toolRule } from './tool-rules.ts';

/** A case with all that it says, that its file says for all cases, and that custody.yaml says of the tool. */
export interface PlacedCase extends PolicyCase {
  readonly name: string;
  readonly place: Position & { readonly file: string };
  readonly server: string;
  readonly tool: string;
  readonly method?: ReadMethod;
  readonly effect: NonNullable<Given['effect']>;
}

export interface LoadedCases {
  readonly profile: string;
  readonly cases: readonly PlacedCase[];
}

/**
 * Cases for the rules of a profile, which is the only one with rules where the file names none.
 * @throws CustodyError POLICY_CASES_INVALID with every problem, its line and column; UNKNOWN_PROFILE
 */
export async function loadPolicyCases(path: string, config: OperatorConfig): Promise<LoadedCases> {
  const document = await readFileDocument(path);
  const checked = checkDocument(document, policyCases, (value) => problemsBeside(value, config));
  if (checked.problems) throw problemsError('POLICY_CASES_INVALID', located(document, checked.problems));
  const { profile, given, cases } = checked.value;
  const placed = cases.map((each, index): PlacedCase => {
    const target = targetOf(each.call);
    const { effect } = target.method ? { effect: 'read-only' as const } : toolRule(config, target.server, target.tool);
    const position = document.locate(['cases', index], false) ?? { line: 1, col: 1 };
    return {
      name: `case ${index + 1}: ${each.call}`,
      effect: effect ?? 'irreversible',
      ...given,
      ...each,
      ...target,
      place: { file: document.name, ...position },
    };
  });
  return { profile: profile ?? onlyProfile(path, config), cases: placed };
}

/** `files.write_file` or `files resources/read`. */
function targetOf(call: string): Pick<PlacedCase, 'server' | 'tool' | 'method'> {
  const [, server = '', mark, rest = ''] = /^([^\s.]+)([. ])(.*)$/.exec(call) ?? [];
  return mark === '.' ? { server, tool: rest } : { server, tool: rest, method: rest as ReadMethod };
}

function onlyProfile(path: string, { policies }: OperatorConfig): string {
  const [only, ...more] = Object.keys(policies);
  if (only !== undefined && more.length === 0) return only;
  const why =
    only === undefined ? 'no profile of custody.yaml has rules' : `profiles ${listed([only, ...more])} have rules`;
  throw new CustodyError('UNKNOWN_PROFILE', `${path} does not say the rules of which profile it tests, and ${why}.`);
}

/** What the operator's file does not have. */
function problemsBeside(value: unknown, { servers, policies }: OperatorConfig): readonly Problem[] {
  if (!isObject(value)) return [];
  const known = Object.keys(servers);
  const cases: readonly unknown[] = Array.isArray(value.cases) ? value.cases : [];
  const calls = cases.flatMap((each, index): readonly Problem[] => {
    const call = isObject(each) && typeof each.call === 'string' ? each.call : undefined;
    if (call === undefined) return [];
    const path = ['cases', index, 'call'];
    const { server, method } = targetOf(call);
    if (server !== '' && !known.includes(server))
      return [
        {
          path,
          message: `names server ${quote(server)}, which custody.yaml does not have${didYouMean(server, known)}`,
        },
      ];
    if (method === undefined || METHODS.includes(method)) return [];
    return [{ path, message: `names method ${quote(method)}, which MCP does not have${didYouMean(method, METHODS)}` }];
  });
  const { profile } = value;
  if (typeof profile !== 'string' || Object.hasOwn(policies, profile)) return calls;
  const names = Object.keys(policies);
  const instead = didYouMean(profile, names) || `; ${listed(names) || 'no profile'} has`;
  return [{ path: ['profile'], message: `has no rules in custody.yaml${instead}` }, ...calls];
}
