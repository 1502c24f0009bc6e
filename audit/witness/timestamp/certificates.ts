import { BasicConstraints, Certificate, ExtKeyUsage, RSAPublicKey } from 'pkijs';
import { BitString } from 'asn1js';
import { CustodyError } from '../../../protocol/errors.ts';
import { fromBase64 } from '../../tlog/note/text.ts';

/** The most certificates of one file. */
const MOST = 100;

/**
 * Certificates in PEM.
 *
 * @throws CustodyError TIMESTAMP_UNTRUSTED where there is none, or one cannot be read
 */
export function certificatesIn(pem: string): Certificate[] {
  const blocks = [...pem.matchAll(/-----BEGIN CERTIFICATE-----([^-]*)-----END CERTIFICATE-----/g)];
  if (blocks.length === 0 || blocks.length > MOST)
    throw untrusted(`the file of root certificates has ${blocks.length} in PEM, and must have 1 to ${MOST}`);
  return blocks.map(([, base64 = ''], index) => {
    const bytes = fromBase64(base64.replace(/\s/g, ''));
    try {
      return Certificate.fromBER(bytes ?? new Uint8Array());
    } catch {
      throw untrusted(`root certificate ${index + 1} in the file cannot be read`);
    }
  });
}

export const untrusted = (why: string): CustodyError =>
  new CustodyError('TIMESTAMP_UNTRUSTED', `The timestamp is not to be trusted: ${why}.`);

const KEY_USAGE = '2.5.29.15';
const BASIC_CONSTRAINTS = '2.5.29.19';
const EXTENDED_KEY_USAGE = '2.5.29.37';
const POLICIES = '2.5.29.32';
const UNDERSTOOD: ReadonlySet<string> = new Set([KEY_USAGE, BASIC_CONSTRAINTS, EXTENDED_KEY_USAGE, POLICIES]);

const TIMESTAMPING = '1.3.6.1.5.5.7.3.8';
const ANY_PURPOSE = '2.5.29.37.0';

/** RSA (PKCS #1) and ECDSA, each with SHA-256, SHA-384 or SHA-512. */
const STRONG: ReadonlySet<string> = new Set([
  '1.2.840.113549.1.1.11',
  '1.2.840.113549.1.1.12',
  '1.2.840.113549.1.1.13',
  '1.2.840.10045.4.3.2',
  '1.2.840.10045.4.3.3',
  '1.2.840.10045.4.3.4',
]);
const LEAST_RSA_BYTES = 256;

/** What is wrong with any certificate of the chain at a time, by itself. */
export function problemOf(certificate: Certificate, at: Date): string | undefined {
  const { extensions = [], notBefore, notAfter, signature, signatureAlgorithm, subjectPublicKeyInfo } = certificate;
  const key = subjectPublicKeyInfo.parsedKey;
  if (!(notBefore.value <= at)) return 'is not valid yet at the time of the timestamp';
  if (!(notAfter.value >= at)) return 'has expired at the time of the timestamp';
  if (!STRONG.has(signatureAlgorithm.algorithmId) || signature.algorithmId !== signatureAlgorithm.algorithmId)
    return `is signed with an algorithm that is weak or not known here (${signatureAlgorithm.algorithmId})`;
  if (key instanceof RSAPublicKey && key.modulus.valueBlock.valueHexView.length < LEAST_RSA_BYTES)
    return 'has an RSA key of less than 2048 bits';
  const unknown = extensions.find(({ critical, extnID }) => critical && !UNDERSTOOD.has(extnID));
  return unknown && `has a critical extension that is not known here (${unknown.extnID})`;
}

/** What keeps a certificate from signing timestamps: RFC 3161, section 2.3, wants it made for that alone. */
export function problemOfPurpose(certificate: Certificate): string | undefined {
  const purposes = purposesOf(certificate);
  if (!purposes?.critical || purposes.ids.length !== 1 || purposes.ids[0] !== TIMESTAMPING)
    return 'is not made for timestamps alone (extendedKeyUsage timeStamping, critical)';
  const usage = usageOf(certificate);
  // digitalSignature and nonRepudiation.
  return usage !== undefined && ((usage & 0xc0) === 0 || (usage & 0x3f) !== 0)
    ? 'has a key that is not for signatures'
    : undefined;
}

/** What keeps a certificate from issuing others. @param below how many issuers stand between it and the signer */
export function problemOfIssuer(certificate: Certificate, below: number): string | undefined {
  const constraints = extension(certificate, BASIC_CONSTRAINTS)?.parsedValue;
  const usage = usageOf(certificate);
  const purposes = purposesOf(certificate)?.ids;
  if (!(constraints instanceof BasicConstraints) || !constraints.cA) return 'may not issue certificates';
  // keyCertSign.
  if (usage !== undefined && (usage & 0x04) === 0) return 'has a key that is not for signing certificates';
  const { pathLenConstraint: most } = constraints;
  if (most !== undefined && (typeof most !== 'number' || below > most)) return 'may not issue so long a chain';
  return purposes && !purposes.includes(TIMESTAMPING) && !purposes.includes(ANY_PURPOSE)
    ? 'is not made for timestamps'
    : undefined;
}

const extension = ({ extensions = [] }: Certificate, id: string) => extensions.find(({ extnID }) => extnID === id);

function purposesOf(certificate: Certificate): { readonly critical: boolean; readonly ids: string[] } | undefined {
  const found = extension(certificate, EXTENDED_KEY_USAGE);
  if (!found) return undefined;
  const { parsedValue } = found;
  return { critical: found.critical, ids: parsedValue instanceof ExtKeyUsage ? parsedValue.keyPurposes : [] };
}

/** The first eight bits of the usage of its key; none are set where it cannot be read. */
function usageOf(certificate: Certificate): number | undefined {
  const found = extension(certificate, KEY_USAGE);
  if (!found) return undefined;
  const { parsedValue } = found;
  return parsedValue instanceof BitString ? (parsedValue.valueBlock.valueHexView[0] ?? 0) : 0;
}
