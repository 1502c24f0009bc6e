import * as z from 'zod/mini';
import { EFFECTS } from '../../protocol/calls/call.ts';
import { isObject } from '../../protocol/values/json.ts';
import { profileSchema, type GovernancePatch } from './profile.ts';
import type { Problem } from '../document/problems.ts';
import { check, type Path, type Schema } from '../../protocol/values/check.ts';
import { duration } from './values.ts';
import { addProblem, onObjects, pattern, pick, plainName } from '../../protocol/fields.ts';
import { type BudgetRules, budgetsSchema } from './budgets.ts';
import { policyEntry, type PolicyEntry } from './policy.ts';
import { type CodecServerConfig, codecServerSchema } from './codecServer.ts';
import { type DeploymentConfig, deploymentSchema } from './deployment.ts';
import { type GatewayConfig, gatewaySchema } from '../serve/schema.ts';
import { type EvidenceConfig, evidenceSchema } from '../evidence/schema.ts';
import { type NoticesConfig, noticesSchema } from '../notices/schema.ts';
import { type TelemetryConfig, telemetrySchema } from '../telemetry/schema.ts';
import type { PriceBook } from '../../protocol/money/prices.ts';
import { NO_PRICES, pricesSchema } from './prices.ts';
import { serverSchema, type ServerConfig } from './server.ts';
import { type ToolRule, type ToolRules, toolRule } from '../tool-rules.ts';
import { didYouMean, quote } from '../../protocol/values/text.ts';
import { undoRule } from './undo.ts';

/** custody.yaml as written: profiles with a file are not loaded yet. */
export interface OperatorFile {
  /** Where values that are too large for history are kept; a path as written. */
  readonly store?: { readonly folder: string };
  /** The list of principals; a path as written. */
  readonly identity?: { readonly principals: string };
  readonly deployment?: DeploymentConfig;
  readonly codecServer?: CodecServerConfig;
  readonly gateway?: GatewayConfig;
  readonly notices?: NoticesConfig;
  readonly evidence?: EvidenceConfig;
  readonly telemetry?: TelemetryConfig;
  readonly servers: { readonly [name: string]: ServerConfig };
  readonly tools: { readonly [pattern: string]: ToolRule };
  /** What things cost. */
  readonly prices: PriceBook;
  /** What several sessions may spend together. */
  readonly budgets: BudgetRules;
  readonly profiles: { readonly [name: string]: string | GovernancePatch };
  /** By profile. */
  readonly policies: { readonly [profile: string]: PolicyEntry };
}

const ruleSchema: Schema<ToolRule> = z.pipe(
  z
    .strictObject({
      effect: z.exactOptional(z.enum(EFFECTS)),
      timeout: z.exactOptional(duration('100ms', '24h')),
      undo: z.exactOptional(undoRule),
      checkArguments: z.exactOptional(z.boolean()),
    })
    .check(
      z.refine(
        (rule) => Object.keys(rule).length > 0,
        'says nothing; write effect, timeout, undo or checkArguments, or leave the rule out',
      ),
      z.refine(({ effect, undo }) => undo === undefined || (effect !== 'read-only' && effect !== 'irreversible'), {
        path: ['undo'],
        message: 'says how to undo what has no effect, or cannot be undone; say effect: compensable or idempotent',
      }),
    ),
  z.transform((rule: ToolRule): ToolRule =>
    rule.undo && rule.effect === undefined ? { ...rule, effect: 'compensable' } : rule,
  ),
);

const profile = pick<string | GovernancePatch>((value) => {
  if (isObject(value)) return profileSchema;
  return typeof value === 'string' && value !== ''
    ? z.string()
    : 'must be the path of a profile file, or a profile itself';
});

/** A mapping whose keys are names; every wrong name is a problem of its own. */
const named = <T>(what: string, schema: Schema<T>): Schema<Record<string, T>> =>
  z.record(z.string(), schema).check(
    z.superRefine((value, ctx) => {
      if (Object.keys(value).length === 0) addProblem(ctx, [], `is empty; define at least one ${what}`);
      for (const key of Object.keys(value)) {
        const [problem] = check(plainName(), key).problems ?? [];
        if (problem) addProblem(ctx, [key], problem.message, true);
      }
    }, onObjects),
  );

export const operatorSchema: Schema<OperatorFile> = z.strictObject({
  store: z.exactOptional(z.strictObject({ folder: pattern(/^[^\0]+$/, 'the path of a folder') })),
  identity: z.exactOptional(z.strictObject({ principals: pattern(/^[^\0]+$/, 'the path of a file') })),
  deployment: z.exactOptional(deploymentSchema),
  codecServer: z.exactOptional(codecServerSchema),
  gateway: z.exactOptional(gatewaySchema),
  notices: z.exactOptional(noticesSchema),
  evidence: z.exactOptional(evidenceSchema),
  telemetry: z.exactOptional(telemetrySchema),
  servers: named('server', serverSchema),
  tools: z._default(z.record(z.string(), ruleSchema), {}),
  prices: z._default(pricesSchema, NO_PRICES),
  budgets: z._default(budgetsSchema, {}),
  profiles: named('profile', profile),
  policies: z._default(z.record(z.string(), policyEntry), {}),
});

/** `server.tool`, `server.*` or `server.beginning*`. */
const TOOL_KEY = /^([^.*]+)\.([^*]+\*?|\*)$/;

/**
 * What is wrong between the parts of custody.yaml: rules for servers that it does not define, before-images by tools
 * that may change something.
 */
export const operatorProblems = (value: unknown): Problem[] => [
  ...policyProblems(value),
  ...toolProblems(value),
  ...priceProblems(value),
];

/** Rules of profiles that are not there. */
function policyProblems(value: unknown): Problem[] {
  if (!isObject(value) || !isObject(value['policies']) || !isObject(value['profiles'])) return [];
  const profiles = Object.keys(value['profiles']);
  return Object.keys(value['policies'])
    .filter((name) => !profiles.includes(name))
    .map((name) => ({
      path: ['policies', name],
      atKey: true,
      message: `are rules for profile ${quote(name)}, which is not defined under profiles${didYouMean(name, profiles)}`,
    }));
}

/** Prices of servers that are not there. */
function priceProblems(value: unknown): Problem[] {
  const prices = isObject(value) ? value['prices'] : undefined;
  if (!isObject(value) || !isObject(prices) || !isObject(prices['calls']) || !isObject(value['servers'])) return [];
  const servers = Object.keys(value['servers']);
  return Object.keys(prices['calls']).flatMap((key): Problem[] => {
    const server = TOOL_KEY.exec(key)?.[1];
    if (server === undefined || servers.includes(server)) return [];
    const message = `is a price for server ${quote(server)}, which is not defined under servers`;
    return [{ path: ['prices', 'calls', key], atKey: true, message: `${message}${didYouMean(server, servers)}` }];
  });
}

function toolProblems(value: unknown): Problem[] {
  if (!isObject(value) || !isObject(value['tools'])) return [];
  const tools = value['tools'];
  const servers = isObject(value['servers']) ? Object.keys(value['servers']) : undefined;
  return Object.entries(tools).flatMap(([key, rule]): Problem[] => {
    const path: Path = ['tools', key];
    const server = TOOL_KEY.exec(key)?.[1];
    if (server === undefined)
      return [
        {
          path,
          atKey: true,
          message: 'must be "server.tool", "server.*" or "server.beginning*", with the * at the end only',
        },
      ];
    if (!servers || servers.includes(server))
      return beforeProblems(server, rule, tools, [...path, 'undo', 'before', 'tool']);
    return [
      {
        path,
        atKey: true,
        message:
          `is a rule for server ${quote(server)}, which is not defined under ` +
          `servers${didYouMean(server, servers)}`,
      },
    ];
  });
}

/** A before-image is read before each call, so the read itself must change nothing. */
function beforeProblems(server: string, rule: unknown, tools: Record<string, unknown>, path: Path): Problem[] {
  const undo = isObject(rule) ? rule['undo'] : undefined;
  const before = isObject(undo) ? undo['before'] : undefined;
  const tool = isObject(before) ? before['tool'] : undefined;
  if (typeof tool !== 'string' || toolRule({ tools: tools as ToolRules['tools'] }, server, tool).effect === 'read-only')
    return [];
  return [
    {
      path,
      message:
        `is read before each call, so it must change nothing; say so with a rule ` +
        `${quote(`${server}.${tool}`)}: { effect: read-only }`,
    },
  ];
}
