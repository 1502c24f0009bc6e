import { CALLS } from './errors/calls.ts';
import { COMMANDS } from './errors/commands.ts';
import { CONFIGURATION } from './errors/configuration.ts';
import { ENDINGS } from './errors/endings.ts';
import type { ErrorEntry } from './errors/entry.ts';
import { ENVIRONMENT } from './errors/environment.ts';
import { ARCHIVE } from './errors/evidence/archive.ts';
import { BUNDLE } from './errors/evidence/bundle.ts';
import { LOG } from './errors/evidence/log.ts';
import { WITNESS } from './errors/evidence/witness.ts';
import { GATEWAY } from './errors/identity/gateway.ts';
import { IDENTITY } from './errors/identity/proofs.ts';
import { INCIDENTS } from './errors/incidents.ts';
import { KEYS } from './errors/keys.ts';
import { MONEY } from './errors/money.ts';
import { NOTICES } from './errors/notices.ts';
import { PAYLOADS } from './errors/payloads.ts';
import { POLICY } from './errors/policy.ts';
import { SERVERS } from './errors/servers.ts';
import { UNDOING } from './errors/undoing.ts';

/** Every way in which Custody says no, as one closed union. */
export const ERRORS = {
  ...COMMANDS,
  ...IDENTITY,
  ...GATEWAY,
  ...CALLS,
  ...POLICY,
  ...MONEY,
  ...INCIDENTS,
  ...UNDOING,
  ...SERVERS,
  ...CONFIGURATION,
  ...PAYLOADS,
  ...KEYS,
  ...LOG,
  ...BUNDLE,
  ...NOTICES,
  ...ARCHIVE,
  ...WITNESS,
  ...ENDINGS,
  ...ENVIRONMENT,
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof ERRORS;

/** A "no" as data: what goes into history, answers and `--json` output. */
export interface Refusal {
  readonly code: ErrorCode;
  /** What happened and why, with the names of this case. */
  readonly message: string;
  /** What the MCP server itself answered, where it refused a request in so many words. */
  readonly rpc?: RpcError;
  /** Ids of the rules that denied it. */
  readonly rules?: readonly string[];
}

/** An error of JSON-RPC, as a server gave it. */
export interface RpcError {
  readonly code: number;
  readonly message: string;
}

export const isErrorCode = (code: unknown): code is ErrorCode =>
  typeof code === 'string' && Object.hasOwn(ERRORS, code);

/** A `Refusal` as an exception, for code outside workflows. */
export class CustodyError extends Error {
  override readonly name = 'CustodyError';
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string = ERRORS[code].title, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }

  /** What to do about it. */
  get remedy(): string {
    return ERRORS[this.code].remedy;
  }

  get retryable(): boolean {
    return ERRORS[this.code].retryable;
  }
}
