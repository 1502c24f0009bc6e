import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { verifyTimestamp } from '../../../audit/witness/timestamp/verify.ts';
import { forge, isVerified } from '../../support/evidence/authority.ts';
import { CA, certify, type Identity, openssl, runOpenssl, TSA } from '../../support/evidence/certificates.ts';
import { requireTool } from '../../support/time/requireTool.ts';
import { TEXT, TimestampScene } from './scene.ts';

const program = await requireTool('the tests of who signs timestamps', openssl);

describe.skipIf(program === undefined)('A4: a timestamp (RFC 3161)', () => {
  const scene = new TimestampScene();

  const signedBy = async (wanted: Partial<Parameters<typeof certify>[1]>, how = {}) => {
    const issuer = scene.authority.between[0]!;
    const signer = await certify(scene.dir, { name: 'Authority', issuer, extensions: TSA, ...wanted });
    return forge(scene.dir, { ...scene.authority, signer }, scene.genuine, how);
  };

  test('whose certificates have expired since stays good; OpenSSL agrees when it is set to that time', async () => {
    const at = new Date('2022-06-01T12:00:00.000Z');
    const response = await signedBy({ until: '20230101000000Z' }, { at });
    expect(await verifyTimestamp(response, TEXT, { roots: scene.roots })).toMatchObject({ at: at.toISOString() });
    expect(await isVerified(scene.dir, response, TEXT, scene.root)).toBe(false);
    expect(await isVerified(scene.dir, response, TEXT, scene.root, at.getTime() / 1000)).toBe(true);
  });

  test.each([
    ['has expired', { until: '20230101000000Z' }],
    ['is not valid yet', { from: '20980101000000Z' }],
    ['is not made for timestamps alone', { extensions: ['extendedKeyUsage=critical,codeSigning'] }],
    ['is not made for timestamps alone', { extensions: ['extendedKeyUsage=critical,timeStamping,codeSigning'] }],
    ['is not made for timestamps alone', { extensions: ['extendedKeyUsage=timeStamping'] }],
    ['is not made for timestamps alone', { extensions: ['keyUsage=digitalSignature'] }],
    ['not for signatures', { extensions: ['keyUsage=critical,keyAgreement', TSA[1]!] }],
    ['critical extension that is not known here', { extensions: [...TSA, '1.2.3.4=critical,DER:0500'] }],
  ] as const)('under a certificate that %s is refused, as OpenSSL refuses it: %j', async (why, wanted) => {
    const response = await signedBy(wanted);
    expect(await scene.verdict(response)).toMatch(
      new RegExp(`^TIMESTAMP_UNTRUSTED: .*certificate of its signer .*${why}`),
    );
    expect(await isVerified(scene.dir, response, TEXT, scene.root)).toBe(false);
  });

  test.each([
    ['weak or not known', { digest: 'sha1' }],
    ['less than 2048 bits', { key: ['-newkey', 'rsa:1024'] }],
  ] as const)(
    'under a certificate that is %s is refused, which OpenSSL leaves to its settings: %j',
    async (why, wanted) => {
      expect(await scene.verdict(await signedBy(wanted))).toMatch(new RegExp(`TIMESTAMP_UNTRUSTED: .*${why}`));
    },
  );

  test.each([
    ['may not issue certificates', { extensions: ['basicConstraints=critical,CA:false'] }],
    ['may not issue certificates', { extensions: [] }],
    ['not for signing certificates', { extensions: [CA[0]!, 'keyUsage=critical,digitalSignature'] }],
    ['has expired', { extensions: CA, until: '20230101000000Z' }],
  ] as const)('whose chain has a certificate that %s is refused, as OpenSSL refuses it: %j', async (why, wanted) => {
    const between = await certify(scene.dir, { name: 'Other', issuer: scene.root, ...wanted });
    const signer = await certify(scene.dir, { name: 'Authority', issuer: between, extensions: TSA });
    const response = await forge(scene.dir, { signer, between: [between] }, scene.genuine);
    expect(await scene.verdict(response)).toMatch(
      new RegExp(`^TIMESTAMP_UNTRUSTED: .*certificate of its chain .*${why}`),
    );
    expect(await isVerified(scene.dir, response, TEXT, scene.root)).toBe(false);
  });

  test('whose chain has an issuer for other purposes is refused; OpenSSL looks at the signer only', async () => {
    const extensions = [...CA, 'extendedKeyUsage=serverAuth'];
    const between = await certify(scene.dir, { name: 'Other', issuer: scene.root, extensions });
    const signer = await certify(scene.dir, { name: 'Authority', issuer: between, extensions: TSA });
    const response = await forge(scene.dir, { signer, between: [between] }, scene.genuine);
    expect(await scene.verdict(response)).toContain('a certificate of its chain is not made for timestamps');
  });

  test('whose chain is longer than an issuer allows is refused, as OpenSSL refuses it', async () => {
    const extensions = ['basicConstraints=critical,CA:true,pathlen:0', CA[1]!];
    const first = await certify(scene.dir, { name: 'First', issuer: scene.root, extensions });
    const second = await certify(scene.dir, { name: 'Second', issuer: first, extensions: CA });
    const signer = await certify(scene.dir, { name: 'Authority', issuer: second, extensions: TSA });
    const response = await forge(scene.dir, { signer, between: [second, first] }, scene.genuine);
    expect(await scene.verdict(response)).toContain('may not issue so long a chain');
    expect(await isVerified(scene.dir, response, TEXT, scene.root)).toBe(false);
    const direct = await certify(scene.dir, { name: 'Authority', issuer: first, extensions: TSA });
    expect(await scene.verdict(await forge(scene.dir, { signer: direct, between: [first] }, scene.genuine))).toBe(
      'verified',
    );
  });

  test('whose certificates issue each other in a circle is refused, soon', async () => {
    const [one, two] = [
      await certify(scene.dir, { name: 'One', extensions: CA }),
      await certify(scene.dir, { name: 'Two', extensions: CA }),
    ];
    const crossed = async (name: string, of: Identity, by: Identity) => {
      const extensions = join(scene.dir, `${name}.ext`);
      await writeFile(extensions, CA.join('\n'));
      const certificate = join(scene.dir, `${name}.crossed.pem`);
      const request = join(scene.dir, `${name}.csr`);
      await runOpenssl(['req', '-new', '-key', of.key, '-subj', `/CN=${name}`, '-out', request], scene.dir);
      const keys = ['-CA', by.certificate, '-CAkey', by.key, '-CAcreateserial', '-days', '30'];
      await runOpenssl(
        ['x509', '-req', '-in', request, ...keys, '-extfile', extensions, '-out', certificate],
        scene.dir,
      );
      return { key: of.key, certificate };
    };
    const between = [await crossed('One', one, two), await crossed('Two', two, one)];
    const signer = await certify(scene.dir, { name: 'Authority', issuer: one, extensions: TSA });
    const response = await forge(scene.dir, { signer, between }, scene.genuine, { at: new Date(Date.now() + 60_000) });
    expect(await scene.verdict(response)).toContain('no chain leads from its signer');
  });

  test('signed as anything else, or without naming its certificate, is refused', async () => {
    const plain = await forge(scene.dir, scene.authority, scene.genuine, { attributes: [] });
    expect(await scene.verdict(plain)).toContain('does not name the certificate of its signer');
    expect(await isVerified(scene.dir, plain, TEXT, scene.root)).toBe(false);
    const bare = await forge(scene.dir, scene.authority, scene.genuine, { attributes: ['-noattr'] });
    expect(await scene.verdict(bare)).toContain('TIMESTAMP_UNTRUSTED');
  });
});
