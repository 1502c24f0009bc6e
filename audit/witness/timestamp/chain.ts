import type { Certificate } from 'pkijs';
import { equal } from '../../tlog/tree/verify.ts';
import { isWritten } from './encoding.ts';
import { problemOf, problemOfIssuer, problemOfPurpose, untrusted } from './certificates.ts';

/** Certificates of a chain, and those that are looked at of what an authority sends. */
const LONGEST = 8;
const MOST_GIVEN = 20;

/**
 * Whether a certificate may sign timestamps, and a chain of valid certificates leads from it to one that is trusted.
 * All are held against the time of the timestamp, so that it stays good after they have expired. Whether one was
 * revoked is not looked at.
 *
 * @param given what came with the timestamp, of which nothing is trusted
 * @throws CustodyError TIMESTAMP_UNTRUSTED
 */
export async function checkChain(
  signer: Certificate,
  given: readonly Certificate[],
  roots: readonly Certificate[],
  at: Date,
): Promise<void> {
  const problem = problemOf(signer, at) ?? problemOfPurpose(signer);
  if (problem !== undefined) throw untrusted(`the certificate of its signer ${problem}`);
  if (given.length > MOST_GIVEN) throw untrusted(`it comes with ${given.length} certificates`);
  const problems: string[] = [];
  // Each is tried once: certificates that issue each other lead nowhere.
  const left = new Set(given.filter((each) => each !== signer));
  const leadsToRoot = async (below: Certificate, issuers: number): Promise<boolean> => {
    for (const root of roots) if (await isIssuer(root, below, issuers)) return true;
    if (issuers === LONGEST) return false;
    for (const each of left) {
      if (roots.some((root) => equal(root.tbsView, each.tbsView))) continue;
      if (!(await isIssuer(each, below, issuers))) continue;
      left.delete(each);
      if (await leadsToRoot(each, issuers + 1)) return true;
    }
    return false;
  };
  const isIssuer = async (above: Certificate, below: Certificate, issuers: number): Promise<boolean> => {
    if (!above.subject.isEqual(below.issuer) || !(await hasSigned(above, below))) return false;
    const wrong = problemOf(above, at) ?? problemOfIssuer(above, issuers);
    if (wrong !== undefined) problems.push(`a certificate of its chain ${wrong}`);
    return wrong === undefined;
  };
  if (!(await leadsToRoot(signer, 0)))
    throw untrusted(problems[0] ?? 'no chain leads from its signer to a root certificate that is trusted');
}

/** A signature under a key of another kind is an error of the library, and none here. */
const hasSigned = async (issuer: Certificate, certificate: Certificate): Promise<boolean> =>
  isWritten(certificate.signatureValue.valueBlock.valueHexView, certificate.signatureAlgorithm) &&
  (await certificate.verify(issuer).catch(() => false));
