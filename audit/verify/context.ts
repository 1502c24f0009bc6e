import { CustodyError } from '../../protocol/errors.ts';
import type { Hasher, Sha256 } from '../tlog/tree/hashing.ts';
import type { Bundle, Trust } from './bundle.ts';
import type { Findings } from './findings.ts';

/** What every step of a verification has. */
export interface Context {
  readonly bundle: Bundle;
  readonly trust: Trust;
  readonly findings: Findings;
  readonly sha256: Sha256;
  readonly hasher: Hasher;
}

/** What went wrong, in the words of whoever noticed. */
export const whyOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Why a file could not be had. */
export const unreadable = (error: unknown): 'TOO_LARGE' | 'FILE_UNREADABLE' =>
  error instanceof CustodyError && error.code === 'EVIDENCE_TOO_LARGE' ? 'TOO_LARGE' : 'FILE_UNREADABLE';
