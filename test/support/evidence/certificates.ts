import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../../../cli/temporal/run.ts';
import { ToolMissing } from '../time/requireTool.ts';

/** A key and its certificate, as PEM files. */
export interface Identity {
  readonly key: string;
  readonly certificate: string;
}

export interface Wanted {
  readonly name: string;
  /** Itself where there is none. */
  readonly issuer?: Identity;
  /** Lines of an OpenSSL section of extensions. */
  readonly extensions: readonly string[];
  /** As OpenSSL has them: `20200101000000Z`. */
  readonly from?: string;
  readonly until?: string;
  readonly key?: readonly string[];
  readonly digest?: string;
}

export const CA = ['basicConstraints=critical,CA:true', 'keyUsage=critical,keyCertSign,cRLSign'];
export const TSA = ['keyUsage=critical,digitalSignature', 'extendedKeyUsage=critical,timeStamping'];
export const RSA = ['-newkey', 'rsa:2048'];
export const EC = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'];

/** @throws ToolMissing where there is no OpenSSL 3 */
export async function openssl(): Promise<string> {
  const [version = ''] = await run('openssl', ['version'], { env: process.env }).catch((error: Error) => {
    throw new ToolMissing(error.message, { cause: error });
  });
  if (/^OpenSSL [3-9]/.test(version)) return 'openssl';
  throw new ToolMissing(`OpenSSL 3 is needed, not ${version}`);
}

export const runOpenssl = (args: readonly string[], cwd: string): Promise<string[]> =>
  run('openssl', args, { env: process.env, cwd });

let made = 0;

/** Makes a key and a certificate with OpenSSL, in a folder of its own below `dir`. */
export async function certify(dir: string, wanted: Wanted): Promise<Identity> {
  const { name, issuer, extensions, key = EC, digest = 'sha256' } = wanted;
  const { from = '20200101000000Z', until = '20990101000000Z' } = wanted;
  const folder = join(dir, `identity-${(made += 1)}`);
  await mkdir(folder);
  const files = { key: join(folder, 'key.pem'), certificate: join(folder, 'certificate.pem') };
  await writeFile(join(folder, 'index.txt'), '');
  await writeFile(
    join(folder, 'ca.cnf'),
    [
      '[ca]\ndefault_ca=it\n[it]\ndatabase=index.txt\nnew_certs_dir=.\nrand_serial=yes\npolicy=any\nunique_subject=no',
      `default_md=${digest}\nx509_extensions=ext\n[any]\ncommonName=supplied\n[req]\ndistinguished_name=dn\n[dn]`,
      `[ext]\nsubjectKeyIdentifier=hash\n${extensions.join('\n')}\n`,
    ].join('\n'),
  );
  const request = ['req', '-new', ...key, '-nodes', '-config', 'ca.cnf', '-subj', `/CN=${name}`];
  await runOpenssl([...request, '-keyout', files.key, '-out', 'request.pem'], folder);
  const signing = issuer ? ['-cert', issuer.certificate, '-keyfile', issuer.key] : ['-selfsign', '-keyfile', files.key];
  const dates = ['-startdate', from, '-enddate', until];
  const out = ['-in', 'request.pem', '-out', files.certificate, '-notext'];
  await runOpenssl(['ca', '-batch', '-config', 'ca.cnf', ...signing, ...dates, ...out], folder);
  return files;
}

export const pemOf = ({ certificate }: Identity): Promise<string> => readFile(certificate, 'utf8');
