import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';
import { COSIGNATURE, skeyOf, vkeyOf } from '../../audit/tlog/note/keys.ts';
import { signerFrom } from '../../audit/tlog/note/sign.ts';
import { originOf } from '../../audit/seal/paths.ts';
import { verify } from '../../audit/verify/verify.ts';
import { verifyTimestamp } from '../../audit/witness/timestamp/verify.ts';
import { makeAuthority, reply } from '../support/evidence/authority.ts';
import { EC, openssl, pemOf } from '../support/evidence/certificates.ts';
import { TRUST } from '../support/evidence/sealed.ts';
import { EVIDENCE, signingKey, verified } from '../support/evidence/sealing.ts';
import { serve } from '../support/evidence/serve.ts';
import { Harness } from '../support/harness.ts';
import { requireTool } from '../support/time/requireTool.ts';

const program = await requireTool('the test of witnesses', openssl);
const PROGRAM = new URL('../../dist/test/support/evidence/witness.js', import.meta.url).pathname;
const SESSION = 'witnessed';

test.skipIf(program === undefined)(
  'A4: each checkpoint is cosigned by a second process and timestamped, while a session goes on',
  async () => {
    const dir = await mkdtemp(join(tmpdir(), 'custody-witness-'));
    onTestFinished(() => rm(dir, { recursive: true, force: true }));
    const { skey, verifier } = await signingKey();
    const witness = await signerFrom('witness.test', new Uint8Array(32).fill(5), COSIGNATURE);
    const witnessKey = skeyOf({ ...witness.verifier, seed: new Uint8Array(32).fill(5) });
    const log = `${originOf('default', SESSION)}=${vkeyOf(verifier)}`;
    const child = spawn(process.execPath, [PROGRAM, join(dir, 'state.json'), witnessKey, log]);
    onTestFinished(() => void child.kill());
    const [url] = (await once(createInterface(child.stdout), 'line')) as [string];
    const { root, authority } = await makeAuthority(dir, EC);
    const tsa = await serve(async (body) => ({
      type: 'application/timestamp-reply',
      body: await reply(dir, authority, body),
    }));
    const roots = await pemOf(root);
    const evidence = {
      ...EVIDENCE,
      witnesses: [{ url, key: vkeyOf(witness.verifier) }],
      timestamp: { url: tsa, roots: './roots.pem' },
    };
    const files = { 'evidence.key': skey, 'roots.pem': roots };
    const harness = await Harness.start({ config: { evidence }, files });
    onTestFinished(() => harness.stop());
    await harness.custody.start(harness.spec(), { id: SESSION });
    await harness.until(SESSION, ({ state }) => state === 'RUNNING');
    for (const callId of ['one', 'two']) {
      await harness.custody.session(SESSION).call('journal.append', { text: callId }, { callId });
      expect(await harness.custody.evidence.seal(SESSION)).not.toHaveProperty('failing');
      const { bundle } = await verified(harness, SESSION);
      const { isSound, counts, witnessed } = await verify(bundle, {
        ...TRUST,
        keys: [verifier],
        witnesses: { keys: [witness.verifier], least: 1 },
        timestamp: async (answer, text) => new Date((await verifyTimestamp(answer, text, { roots })).at),
      });
      expect({ isSound, counts }).toMatchObject({ isSound: true, counts: { WITHHELD: 1 } });
      expect(witnessed).toEqual({ by: [{ name: 'witness.test', at: expect.any(String) }], at: expect.any(String) });
    }
    await harness.custody.session(SESSION).cancel({ reason: 'enough' });
  },
);
