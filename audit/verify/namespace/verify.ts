import { sha256 as portable } from '@noble/hashes/sha2.js';
import { namespaceIn } from '../../seal/paths.ts';
import { HASHER } from '../../tlog/tree/hashing.ts';
import { asListed, type Bundle, type Trust } from '../bundle.ts';
import { checkFiles } from '../files.ts';
import { Findings } from '../findings.ts';
import { checkSignatures } from '../signatures.ts';
import { checkTree } from '../tree.ts';
import type { Verification } from '../verify.ts';
import { checkWitnesses } from '../witnesses.ts';
import { checkNamespaceLeaves } from './leaves.ts';
import { checkSessions } from './sessions.ts';

/** What the verification of the log of a namespace found. */
export interface NamespaceVerification extends Pick<
  Verification,
  'isSound' | 'findings' | 'counts' | 'log' | 'files' | 'witnessed'
> {
  /** Sessions that it names. */
  readonly sessions: number;
  readonly heartbeats: number;
}

/**
 * Verifies the log of a namespace, offline, and that the sessions it names are in the archive, as they were. What is in
 * them, `verify` says of each. It throws for nothing that an archive can hold.
 *
 * @param log its folder
 * @param archive the folder of the sessions of the namespace
 * @param now until when it should go, in epoch milliseconds
 */
export async function verifyNamespace(
  log: Bundle,
  archive: Bundle,
  trust: Trust,
  now: number,
): Promise<NamespaceVerification> {
  const findings = new Findings();
  const tools = { sha256: trust.sha256 ?? portable, hasher: trust.hasher ?? HASHER };
  const context = { bundle: asListed(log), trust, findings, ...tools };
  const signed = await checkSignatures(context);
  const namespace = signed.log ? namespaceIn(signed.log.origin) : undefined;
  if (signed.log && namespace === undefined)
    findings.add('ORIGIN_DIFFERS', `${JSON.stringify(signed.log.origin)} is no log of a namespace`);
  const files = await checkFiles(context, signed);
  const entries = await checkTree(context, signed, files);
  const leaves = checkNamespaceLeaves(context, entries, now);
  if (namespace !== undefined) await checkSessions(context, namespace, leaves, archive);
  const witnessed = await checkWitnesses(context, signed, files);
  return {
    isSound: !findings.isBroken,
    findings: findings.list,
    counts: Object.fromEntries(findings.counts),
    log: signed.log,
    files: files.listed.size,
    witnessed,
    sessions: leaves.sessions.size,
    heartbeats: leaves.heartbeats,
  };
}
