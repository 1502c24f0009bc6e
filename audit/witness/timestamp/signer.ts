import { type BaseBlock, ObjectIdentifier, OctetString, Sequence } from 'asn1js';
import { Certificate, type SignedData, type SignerInfo } from 'pkijs';
import { equal } from '../../tlog/tree/verify.ts';
import { untrusted } from './certificates.ts';
import { SHA256 } from './request.ts';
import { isPlain, isWritten } from './encoding.ts';
import { TIMESTAMP_INFO } from './response.ts';

const CONTENT_TYPE = '1.2.840.113549.1.9.3';
/** ESS signingCertificate, with SHA-1, and signingCertificateV2. */
const SIGNING_CERTIFICATE = '1.2.840.113549.1.9.16.2.12';
const SIGNING_CERTIFICATE_V2 = '1.2.840.113549.1.9.16.2.47';

const DIGESTS: Readonly<Record<string, string>> = {
  [SHA256]: 'SHA-256',
  '2.16.840.1.101.3.4.2.2': 'SHA-384',
  '2.16.840.1.101.3.4.2.3': 'SHA-512',
};

/**
 * The certificate whose key signed a timestamp; whether it is to be trusted is another question.
 *
 * @param text what the timestamp is of
 * @throws CustodyError TIMESTAMP_UNTRUSTED
 */
export async function signerOf(signed: SignedData, text: Uint8Array): Promise<Certificate> {
  const [signer, other] = signed.signerInfos;
  if (!signer || other) throw untrusted(`it has ${signed.signerInfos.length} signatures, and must have one`);
  if (!Object.hasOwn(DIGESTS, signer.digestAlgorithm.algorithmId))
    throw untrusted(
      `it is signed over a digest that is weak or not known here (${signer.digestAlgorithm.algorithmId})`,
    );
  if (!signed.digestAlgorithms.some(({ algorithmId }) => algorithmId === signer.digestAlgorithm.algorithmId))
    throw untrusted('it does not list the digest that its signature is over');
  if (![signer.digestAlgorithm, ...signed.digestAlgorithms].every(isPlain))
    throw untrusted('its digest has parameters that it must not have');
  if (!isWritten(signer.signature.valueBlock.valueHexView, signer.signatureAlgorithm))
    throw untrusted('its signature is not written as its algorithm wants it');
  const { signatureVerified, signerCertificate } = await signed
    .verify({ signer: 0, data: text.slice().buffer, extendedMode: true } as const)
    .catch((error: Error) => {
      throw untrusted(`its signature cannot be verified (${error.message.slice(0, 200)})`);
    });
  if (!signatureVerified || !signerCertificate) throw untrusted('its signature is not good');
  // The library does not ask what the signature says that it is of.
  const type = signedAttribute(signer, CONTENT_TYPE);
  if (!(type instanceof ObjectIdentifier) || type.valueBlock.toString() !== TIMESTAMP_INFO)
    throw untrusted('its signature is not one of a timestamp');
  if (!(await namesCertificate(signer, signerCertificate)))
    throw untrusted('its signature does not name the certificate of its signer');
  return signerCertificate;
}

/** The certificates that came with it. */
export const certificatesOf = ({ certificates = [] }: SignedData): Certificate[] =>
  certificates.filter((each) => each instanceof Certificate);

/** The one value of an attribute that is signed and there once. */
function signedAttribute({ signedAttrs }: SignerInfo, type: string): BaseBlock | undefined {
  const [found, other] = (signedAttrs?.attributes ?? []).filter((each) => each.type === type);
  return found && !other && found.values.length === 1 ? (found.values[0] as BaseBlock) : undefined;
}

/** A signature names its certificate, so that no other with the same key stands in for it (RFC 5816, RFC 2634). */
async function namesCertificate(signer: SignerInfo, certificate: Certificate): Promise<boolean> {
  const first = firstNamed(signedAttribute(signer, SIGNING_CERTIFICATE_V2));
  const v1 = first ?? firstNamed(signedAttribute(signer, SIGNING_CERTIFICATE));
  if (!v1) return false;
  const [algorithm] = v1;
  const name = !first
    ? 'SHA-1'
    : algorithm instanceof Sequence
      ? DIGESTS[String((algorithm.valueBlock.value[0] as ObjectIdentifier | undefined)?.valueBlock)]
      : 'SHA-256';
  const hash = v1.find((each) => each instanceof OctetString);
  if (name === undefined || !hash) return false;
  const digest = await globalThis.crypto.subtle.digest(name, certificate.toSchema().toBER());
  return equal(new Uint8Array(digest), hash.valueBlock.valueHexView);
}

/** The parts of the first certificate that is named. */
function firstNamed(value: BaseBlock | undefined): readonly BaseBlock[] | undefined {
  const list = value instanceof Sequence ? value.valueBlock.value[0] : undefined;
  const first = list instanceof Sequence ? list.valueBlock.value[0] : undefined;
  return first instanceof Sequence ? (first.valueBlock.value as BaseBlock[]) : undefined;
}
