import { execFileSync } from 'node:child_process';
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { NO_GATEWAY } from '../../../config/serve/schema.ts';
import { FreshKey } from '../../../gateway/auth/freshKey.ts';
import { type HttpGateway, serveHttp } from '../../../gateway/http/serve.ts';
import { Custody } from '../../../client/custody.ts';
import { temporalAddress } from '../../support/temporal.ts';
import { until } from '../../support/until.ts';

let dir: string;
let custody: Custody;
let gateway: HttpGateway | undefined;
const troubles: string[] = [];
const at = (name: string): string => join(dir, name);

/** A certificate of its own making for localhost, as NAME.crt and NAME.key. */
const make = (name: string): Buffer =>
  execFileSync(
    'openssl',
    ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'].concat(
      ['-subj', `/CN=${name}`, '-addext', 'subjectAltName=DNS:localhost'],
      ['-keyout', at(`${name}.key`), '-out', at(`${name}.crt`)],
    ),
    { stdio: 'pipe' },
  );
const use = async (cert: string, key: string): Promise<void> => {
  await copyFile(at(cert), at('tls.crt'));
  await copyFile(at(key), at('tls.key'));
};
const files = () => ({ cert: at('tls.crt'), key: at('tls.key') });
const serve = () =>
  serveHttp({
    ...NO_GATEWAY,
    host: '127.0.0.1',
    port: 0,
    custody,
    version: '1',
    tokens: new FreshKey('somebody', ['agent']),
    issuers: [],
    url: undefined,
    secret: undefined,
    isLocal: true,
    tls: files(),
    tlsEvery: 50,
    parkAfter: undefined,
    // Nothing is asked of it here.
    inspect: {} as never,
    onRefused: () => undefined,
    onTrouble: (message) => troubles.push(message),
  });

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'custody-tls-'));
  custody = await Custody.connect({ address: temporalAddress(), keys: [] });
  make('first');
  make('second');
});
afterAll(async () => {
  await gateway?.close();
  await custody?.close();
  await rm(dir, { recursive: true, force: true });
});

/** Who answers: the name in its certificate, and the status of its probe. */
const asked = (): Promise<readonly [string | undefined, number | undefined]> =>
  new Promise((resolve, reject) => {
    const sent = request(
      { host: '127.0.0.1', port: gateway?.port, path: '/healthz', rejectUnauthorized: false, agent: false },
      (response) => {
        const { subject } = (response.socket as TLSSocket).getPeerCertificate();
        response.resume();
        resolve([[subject.CN].flat()[0], response.statusCode]);
      },
    );
    sent.on('error', reject);
    sent.end();
  });

test('U3: the gateway speaks TLS by files, and takes new ones without a restart', async () => {
  await use('first.crt', 'first.key');
  gateway = await serve();
  expect(await asked()).toEqual(['first', 200]);
  await expect(fetch(`http://127.0.0.1:${gateway.port}/healthz`)).rejects.toThrow();
  // One of the two is new already: that is no pair.
  await copyFile(at('second.crt'), at('tls.crt'));
  await until('it is remarked', () => troubles.some((text) => text.includes('CONFIG_INVALID') || text.includes('tls')));
  expect(await asked()).toEqual(['first', 200]);
  await copyFile(at('second.key'), at('tls.key'));
  await until('the new one is shown', async () => (await asked())[0] === 'second');
  expect(troubles).toHaveLength(1);
});

test('U3: files that are no certificate and key are refused as it starts', async () => {
  await writeFile(at('tls.crt'), 'nonsense');
  await expect(serve()).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
});
