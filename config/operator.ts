import { dirname, isAbsolute, join, resolve } from 'node:path';
import { checkDocument } from './document/check-document.ts';
import { readFileDocument } from './document/file.ts';
import { operatorProblems, operatorSchema } from './schema/operator.ts';
import type { ToolRules } from './tool-rules.ts';
import { located, problemsError, type LocatedProblem, type Problem } from './document/problems.ts';
import { loadPolicies } from './policies.ts';
import type { PolicyDocument } from '../protocol/calls/policy.ts';
import { loadPrincipals } from './principals.ts';
import { complete, toProfile, type Profile } from './profile.ts';
import type { BudgetRules } from './schema/budgets.ts';
import type { CodecServerConfig } from './schema/codecServer.ts';
import type { DeploymentConfig } from './schema/deployment.ts';
import { gatewayIn } from './serve/paths.ts';
import type { GatewayConfig } from './serve/schema.ts';
import type { EvidenceConfig } from './evidence/schema.ts';
import type { NoticesConfig } from './notices/schema.ts';
import type { TelemetryConfig } from './telemetry/schema.ts';
import type { ServerConfig } from './schema/server.ts';
import { profileSchema, type GovernancePatch } from './schema/profile.ts';
import type { PriceBook } from '../protocol/money/prices.ts';
import { CustodyError } from '../protocol/errors.ts';

/** custody.yaml, read and checked: what sessions may use, by name. */
export interface OperatorConfig extends ToolRules {
  /** Absolute folder of the file; relative paths in the file start here. */
  readonly dir: string;
  /** The payload store of workers, with an absolute path; where the file names none, the environment does. */
  readonly store?: { readonly folder: string };
  /** The list of principals, an absolute path: read anew for each proof. */
  readonly principals?: string;
  /** Keys that authenticate what workers make; references stay references. */
  readonly deployment?: DeploymentConfig;
  /** Who may have payloads opened. */
  readonly codecServer?: CodecServerConfig;
  /** Its paths are absolute. */
  readonly gateway?: GatewayConfig;
  /** Where notices go; references stay references. */
  readonly notices?: NoticesConfig;
  /** How evidence is kept; paths are as written, references stay references. */
  readonly evidence?: EvidenceConfig;
  /** Where traces and metrics go; references stay references. */
  readonly telemetry?: TelemetryConfig;
  readonly servers: { readonly [name: string]: ServerConfig };
  readonly profiles: { readonly [name: string]: Profile };
  readonly prices: PriceBook;
  /** What several sessions may spend together. */
  readonly budgets: BudgetRules;
  /** The rules that calls are decided by, by profile; they are not read by their meaning yet. */
  readonly policies: { readonly [profile: string]: PolicyDocument };
}

/**
 * The operator's file, with the profiles that it names. References to secrets stay references.
 * @throws CustodyError CONFIG_MISSING when it cannot be opened; CONFIG_INVALID with every problem of the file (and of
 *   its profile files), line and column; PROFILE_INVALID when only profile files have problems,
 *   PRINCIPALS_INVALID when only the list of principals has
 */
export async function loadOperatorConfig(path: string): Promise<OperatorConfig> {
  const document = await readFileDocument(path);
  if (document.unopened)
    throw new CustodyError('CONFIG_MISSING', `The operator file ${path} ${document.problems[0]?.message}.`);
  const checked = checkDocument(document, operatorSchema, operatorProblems);
  const loaded = await loadProfiles(dirname(path), writtenProfiles(document.value));
  const problems = [...located(document, [...(checked.problems ?? []), ...loaded.missing]), ...loaded.problems];
  if (checked.problems || problems.length > 0) {
    throw problemsError(
      problems.some(({ source }) => source === document.name) ? 'CONFIG_INVALID' : 'PROFILE_INVALID',
      problems,
    );
  }
  const { store, identity, deployment, codecServer, gateway, notices, evidence, telemetry, ...named } = checked.value;
  const { servers, tools, profiles, ...money } = named;
  const { policies, prices, budgets } = money;
  const dir = resolve(dirname(path));
  const rules = await loadPolicies(dir, policies);
  if (rules.problems.length > 0) throw problemsError('CONFIG_INVALID', located(document, rules.problems));
  const principals = identity && resolve(dir, identity.principals);
  if (principals !== undefined) await loadPrincipals(principals);
  const all = Object.entries(profiles).map(([name, given]) =>
    typeof given === 'string' ? { name, patch: loaded.patches[name] ?? {} } : { name, patch: given },
  );
  return {
    dir,
    ...(store && { store: { folder: resolve(dir, store.folder) } }),
    ...(principals !== undefined && { principals }),
    ...(deployment && { deployment }),
    ...(codecServer && { codecServer }),
    ...(gateway && { gateway: gatewayIn(dir, gateway) }),
    ...(notices && { notices }),
    ...(evidence && { evidence }),
    ...(telemetry && { telemetry }),
    servers,
    tools,
    prices,
    budgets,
    profiles: Object.fromEntries(all.map(({ name, patch }) => [name, toProfile(name, complete(patch))])),
    policies: rules.policies,
  };
}

/** Names and paths of the profiles that have a file, as written. */
function writtenProfiles(value: unknown): [string, string][] {
  const profiles = (value as { profiles?: unknown } | null | undefined)?.profiles;
  return Object.entries(typeof profiles === 'object' && profiles !== null ? profiles : {}).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string' && entry[1] !== '',
  );
}

interface LoadedProfiles {
  readonly patches: { readonly [name: string]: GovernancePatch };
  /** Problems of the operator's file: what it names cannot be opened. */
  readonly missing: readonly Problem[];
  /** Problems within the profile files. */
  readonly problems: readonly LocatedProblem[];
}

async function loadProfiles(dir: string, paths: readonly [string, string][]): Promise<LoadedProfiles> {
  const patches: Record<string, GovernancePatch> = {};
  const missing: Problem[] = [];
  const problems: LocatedProblem[] = [];
  for (const [name, path] of paths) {
    const document = await readFileDocument(isAbsolute(path) ? path : join(dir, path));
    const checked = checkDocument(document, profileSchema);
    if (!checked.problems) patches[name] = checked.value;
    else if (document.unopened)
      missing.push(
        ...checked.problems.map(({ message }) => ({
          path: ['profiles', name],
          message: `${document.name} ${message}`,
        })),
      );
    else problems.push(...located(document, checked.problems));
  }
  return { patches, missing, problems };
}
