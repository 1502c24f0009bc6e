import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fromBER, Integer, OctetString, Sequence } from 'asn1js';
import { ContentInfo, SignedData, TimeStampResp, TSTInfo } from 'pkijs';
import { CA, certify, type Identity, pemOf, runOpenssl, TSA } from './certificates.ts';

/** A timestamping authority that is OpenSSL's. */
export interface Authority {
  readonly signer: Identity;
  /** Certificates between its own and the root. */
  readonly between: readonly Identity[];
}

/** Its answer to a request, as `openssl ts -reply` makes it. */
export async function reply(dir: string, { signer, between }: Authority, request: Uint8Array): Promise<Uint8Array> {
  const folder = await mkdtemp(join(dir, 'reply-'));
  await writeFile(join(folder, 'request.tsq'), request);
  await writeFile(join(folder, 'serial'), '1000\n');
  const chain = await Promise.all(between.map(pemOf));
  await writeFile(join(folder, 'chain.pem'), chain.join('\n'));
  await writeFile(
    join(folder, 'ts.cnf'),
    [
      '[tsa]\ndefault_tsa=it\n[it]\nserial=serial\ndefault_policy=1.2.3.4.1\ndigests=sha256,sha512\nordering=yes',
      'signer_digest=sha256\naccuracy=secs:1\ntsa_name=yes\ness_cert_id_chain=no\ness_cert_id_alg=sha256\n',
    ].join('\n'),
  );
  const keys = ['-signer', signer.certificate, '-inkey', signer.key, '-chain', 'chain.pem'];
  const files = ['-queryfile', 'request.tsq', '-out', 'response.tsr'];
  await runOpenssl(['ts', '-reply', '-config', 'ts.cnf', '-section', 'it', ...keys, ...files], folder);
  return new Uint8Array(await readFile(join(folder, 'response.tsr')));
}

/** What `openssl ts -verify` says of an answer over a text; `at` in seconds since 1970. */
export async function isVerified(
  dir: string,
  response: Uint8Array,
  text: Uint8Array,
  root: Identity,
  at?: number,
): Promise<boolean> {
  const folder = await mkdtemp(join(dir, 'verify-'));
  await writeFile(join(folder, 'response.tsr'), response);
  await writeFile(join(folder, 'text'), text);
  const when = at === undefined ? [] : ['-attime', String(at)];
  const files = ['-in', 'response.tsr', '-data', 'text', '-CAfile', root.certificate];
  return runOpenssl(['ts', '-verify', ...files, ...when], folder).then(
    () => true,
    () => false,
  );
}

/** An answer that any key signs, at any time, as `openssl cms` makes it of what an authority has signed. */
export async function forge(
  dir: string,
  { signer, between }: Authority,
  genuine: Uint8Array,
  { at, attributes = ['-cades'] }: { readonly at?: Date; readonly attributes?: readonly string[] } = {},
): Promise<Uint8Array> {
  const folder = await mkdtemp(join(dir, 'forge-'));
  await writeFile(join(folder, 'info.der'), infoIn(genuine, at));
  await writeFile(join(folder, 'between.pem'), (await Promise.all(between.map(pemOf))).join('\n'));
  const type = ['-econtent_type', '1.2.840.113549.1.9.16.1.4', '-binary', '-nodetach', '-outform', 'DER'];
  const keys = ['-signer', signer.certificate, '-inkey', signer.key, '-md', 'sha256'];
  const more = between.length > 0 ? ['-certfile', 'between.pem'] : [];
  const files = ['-in', 'info.der', '-out', 'signed.der'];
  await runOpenssl(['cms', '-sign', ...type, ...keys, ...more, ...attributes, ...files], folder);
  return granted(await readFile(join(folder, 'signed.der')));
}

/** An answer that grants what is signed. */
export function granted(signed: Uint8Array): Uint8Array {
  const { result } = fromBER(signed.slice());
  const status = new Sequence({ value: [new Integer({ value: 0 })] });
  return new Uint8Array(new Sequence({ value: [status, result] }).toBER());
}

/** What an authority has signed, at its time or another. */
function infoIn(response: Uint8Array, at?: Date): Uint8Array {
  const { timeStampToken } = TimeStampResp.fromBER(response.slice());
  const { encapContentInfo } = new SignedData({ schema: (timeStampToken as ContentInfo).content });
  const info = TSTInfo.fromBER((encapContentInfo.eContent as OctetString).getValue());
  if (at) info.genTime = at;
  return new Uint8Array(info.toSchema().toBER());
}

/** A root, one between, and an authority, all good. */
export async function makeAuthority(dir: string, key: readonly string[]) {
  const root = await certify(dir, { name: 'Root', extensions: CA, key });
  const between = await certify(dir, { name: 'Between', issuer: root, extensions: CA, key });

  const signer = await certify(dir, { name: 'Authority', issuer: between, extensions: TSA, key });
  return { root, authority: { signer, between: [between] } satisfies Authority };
}
