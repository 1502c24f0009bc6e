import { fieldsDigest, type ProofCheck } from '../../protocol/identity/proof.ts';
import { beginningIn, proofOf, type SessionInput } from '../../protocol/session-input.ts';
import { isObject } from '../../protocol/values/json.ts';
import { decode } from '../history.ts';
import type { EvidenceRecord } from '../read/record.ts';
import { provenIn } from '../standing.ts';
import { type Checked, type Finding, finding, idOf } from './finding.ts';
import type { ReadRun } from './records.ts';
import { checkSignature, type SignatureTerms, type SignedCheck } from './signatures.ts';

/** Does what stands as proven stand with its proof, and is each proof one of what was said? */
export function checkProofs(runs: readonly ReadRun[], terms: SignatureTerms): Checked {
  const checks = runs.flatMap(checksIn);
  const proven = runs.flatMap(({ records }) => records.filter(({ standing }) => standing === 'proven'));
  const isWhole = runs[0]?.continues === null && runs[0].recovers === null;
  const findings = [
    ...(isWhole ? proven.flatMap((record) => unproven(record, checks)) : []),
    ...digested(checks, runs),
    ...checks.flatMap((check) => checkSignature(check, terms)),
  ];
  return { name: 'proofs', counted: { proofs: checks.length, proven: proven.length }, findings };
}

/** Signatures that workers looked at, with what they found. */
function checksIn(run: ReadRun): readonly SignedCheck[] {
  const { runId, records } = run;
  const ofCommands = records.flatMap((record): readonly SignedCheck[] =>
    record.kind === 'proof' && isObject(record.data.check)
      ? [{ check: checkIn(record.data.check), run: runId, events: record.events, found: record.proof }]
      : [],
  );
  return [...ofCommands, ...ofStart(run)];
}

/** History is hostile until read: each member is looked at where it is used. */
const checkIn = (check: unknown): ProofCheck => check as ProofCheck;

/** The signature of who starts a session goes with the request for its profile. */
function ofStart({ runId: run, events }: ReadRun): readonly SignedCheck[] {
  for (const event of events) {
    const scheduled = event.activityTaskScheduledEventAttributes;
    if (scheduled?.activityType?.name !== 'loadProfile') continue;
    const [input] = decode(scheduled.input);
    const check = isObject(input) && isObject(input.start) ? input.start.check : undefined;
    if (!isObject(check)) continue;
    const done = events.find(
      (each) => String(each.activityTaskCompletedEventAttributes?.scheduledEventId) === String(event.eventId),
    );
    const [loaded] = decode(done?.activityTaskCompletedEventAttributes?.result);
    const found = provenIn({ proof: isObject(loaded) ? loaded.starter : undefined }).proof ?? null;
    return [{ check: checkIn(check), run, events: [idOf(event), ...(done ? [idOf(done)] : [])], found }];
  }
  return [];
}

function unproven(record: EvidenceRecord, checks: readonly SignedCheck[]): readonly Finding[] {
  const { run, events, n, by, proof } = record;
  const isProof = ({ check, found }: SignedCheck): boolean =>
    found !== null && check.actor === by && found.key === proof?.key && found.list === proof.list;
  if (checks.some((each) => isProof(each) && isFor(record, each.check))) return [];
  const records = n === null ? [] : [n];
  return [
    finding('PROOF_MISSING', { by: by ?? '', key: proof?.key ?? '', kind: record.kind }, { run, events, records }),
  ];
}

/** Was that signed for what is on record? What follows from a command does not say from which. */
function isFor(record: EvidenceRecord, { act, signature }: ProofCheck): boolean {
  if (record.kind === 'governance') return act === 'start';
  if (record.kind === 'forked') return act === 'fork';
  if (record.kind === 'recovered') return act === 'recover';
  const input = record.kind === 'command' || record.kind === 'refused' ? record.data.input : null;
  return !isObject(input) || !isObject(input.proof) || input.proof.signature === signature;
}

/** The hash of what was signed, made again from the command. */
function digested(checks: readonly SignedCheck[], runs: readonly ReadRun[]): readonly Finding[] {
  const said = new Set<string>();
  const known = new Set<unknown>();
  for (const { runId, records, events } of runs)
    for (const { signature, digest } of [...records.flatMap(signedBy), ...events.flatMap(toldBy)]) {
      known.add(signature);
      said.add(`${runId} ${String(signature)} ${digest}`);
    }
  return checks.flatMap(({ check, run, events }) => {
    if (said.has(`${run} ${String(check.signature)} ${String(check.digest)}`)) return [];
    const data = { act: String(check.act), actor: String(check.actor), isFound: known.has(check.signature) };
    return [finding('PROOF_DIGEST', data, { run, events })];
  });
}

interface Signed {
  readonly signature: unknown;
  readonly digest: string;
}

/** The signature that came with a command, or with what begins a run. */
function signedBy(record: EvidenceRecord): readonly Signed[] {
  try {
    if (record.kind === 'started') {
      const beginning = beginningIn(record.data.input as unknown as SessionInput);
      const proof = beginning && proofOf(beginning);
      return proof ? [proof] : [];
    }
    return record.kind === 'command' || record.kind === 'refused' ? signedIn(record.data.input) : [];
  } catch {
    return []; // What cannot be signed was not.
  }
}

/** The same for what agents tell, whose records have what was told and not how it was sent. */
function toldBy(event: ReadRun['events'][number]): readonly Signed[] {
  const { name, args } = event.workflowExecutionUpdateAcceptedEventAttributes?.acceptedRequest?.input ?? {};
  if (name !== 'attach' && name !== 'saveState' && name !== 'record') return [];
  try {
    return signedIn(decode(args)[0]);
  } catch {
    return [];
  }
}

function signedIn(input: unknown): readonly Signed[] {
  if (!isObject(input) || !isObject(input.proof)) return [];
  return [{ signature: input.proof.signature, digest: fieldsDigest(input) }];
}
