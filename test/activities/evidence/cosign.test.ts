import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { cosigned } from '../../../activities/evidence/witness/cosign.ts';
import { checkpointText, verifyCheckpoint } from '../../../audit/tlog/note/checkpoint.ts';
import { COSIGNATURE, skeyOf, type Verifier, vkeyOf } from '../../../audit/tlog/note/keys.ts';
import { noteBytes, parseNote, signatureLine } from '../../../audit/tlog/note/note.ts';
import { type Signer, signatureOf, signed, signerFrom, withSignature } from '../../../audit/tlog/note/sign.ts';
import { append } from '../../../audit/tlog/tiles/append.ts';
import { nodesIn } from '../../../audit/tlog/tiles/nodes.ts';
import { EMPTY_TREE, type Frontier, rootOf } from '../../../audit/tlog/tree/frontier.ts';
import { consistencyProof } from '../../../audit/tlog/tree/proofs.ts';
import { checkpointRequest } from '../../../audit/witness/tlogWitness.ts';
import { freePort } from '../../../cli/temporal/freePort.ts';
import { serve, type Served } from '../../support/evidence/serve.ts';

const ORIGIN = 'custody/demo/session-1';
const PROGRAM = new URL('../../../dist/test/support/evidence/witness.js', import.meta.url).pathname;
const seedOf = (n: number): Uint8Array<ArrayBuffer> => new Uint8Array(32).fill(n);

/** A log that grows, and what it asks to have cosigned. */
class Log {
  private readonly files = new Map<string, Uint8Array>();
  tree: Frontier = EMPTY_TREE;
  readonly signer: Signer;
  readonly origin: string;

  constructor(signer: Signer, origin = ORIGIN) {
    this.signer = signer;
    this.origin = origin;
  }

  grow(...entries: readonly string[]): void {
    const bytes = entries.map((entry) => new TextEncoder().encode(entry));
    const { tree, files } = append(this.tree, (path) => this.files.get(path), bytes);
    for (const file of files) this.files.set(file.path, file.bytes);
    this.tree = tree;
  }

  async submission(known: number) {
    const { size } = this.tree;
    const text = checkpointText({ origin: this.origin, size, root: rootOf(this.tree) });
    const at = nodesIn(size, (path) => this.files.get(path));
    return {
      checkpoint: await signed(text, [this.signer]),
      size,
      known,
      proofFrom: (earlier: number) => Promise.resolve(consistencyProof(earlier, size, at)),
    };
  }
}

let dir: string;
let log: Signer;
let witness: Signer;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'custody-witness-'));
  log = await signerFrom('example.com/log', seedOf(1));
  witness = await signerFrom('example.com/witness', seedOf(2), COSIGNATURE);
});
afterAll(() => rm(dir, { recursive: true, force: true }));

/** Starts the witness; it ends with its test. */
async function start(state: string): Promise<{ readonly url: string; kill(): Promise<void> }> {
  const { name, id, type } = witness.verifier;
  const skey = skeyOf({ name, id, type, seed: seedOf(2) });
  const child = spawn(process.execPath, [PROGRAM, state, skey, `${ORIGIN}=${vkeyOf(log.verifier)}`], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [url] = (await once(createInterface(child.stdout), 'line')) as [string];
  const kill = async () => {
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  return { url, kill };
}

const place = (url: string, keys: readonly Verifier[] = [witness.verifier]) => ({ url, keys });

describe('A4: a witness of logs that is a process of its own', () => {
  test('cosigns a log as it grows; the checkpoint with its line is verified by both keys', async () => {
    const { url } = await start(join(dir, 'grows.json'));
    const grown = new Log(log);
    for (const count of [1, 1, 5, 300, 0]) {
      const known = grown.tree.size;
      grown.grow(...Array.from({ length: count }, (_, n) => `entry ${known + n}`));
      const submission = await grown.submission(known);
      const lines = await cosigned(place(`${url}/`), submission);
      expect(lines.map(({ name }) => name)).toEqual(['example.com/witness']);
      const note = lines.reduce(withSignature, parseNote(submission.checkpoint));
      const trust = { origin: ORIGIN, keys: [log.verifier], witnesses: [witness.verifier] };
      const { verified } = await verifyCheckpoint(noteBytes(note), trust);
      expect(verified.map(({ verifier }) => verifier.name)).toEqual(['example.com/log', 'example.com/witness']);
      expect(Math.abs((verified[1]!.time ?? 0) - Date.now() / 1000)).toBeLessThan(60);
    }
  });

  test('is asked again from the size that it says it knows, whatever was thought', async () => {
    const { url } = await start(join(dir, 'knows.json'));
    const grown = new Log(log);
    grown.grow('a', 'b', 'c');
    await cosigned(place(url), await grown.submission(0));
    grown.grow('d', 'e');
    for (const known of [0, 2, 5, 4]) expect(await cosigned(place(url), await grown.submission(known))).toHaveLength(1);
  });

  test('killed and started again it still refuses another log under the same name', async () => {
    const state = join(dir, 'killed.json');
    const first = await start(state);
    const [grown, forked, shorter] = [new Log(log), new Log(log), new Log(log)];
    grown.grow('a', 'b', 'c');
    await cosigned(place(first.url), await grown.submission(0));
    await first.kill();
    const before = await readFile(state, 'utf8');
    const { url } = await start(state);
    forked.grow('a', 'b', 'x', 'y');
    const refused = { code: 'WITNESS_REFUSED', retryable: false };
    await expect(cosigned(place(url), await forked.submission(3))).rejects.toMatchObject({
      ...refused,
      message: expect.stringContaining('answered 422'),
    });
    shorter.grow('a', 'b', 'x');
    await expect(cosigned(place(url), await shorter.submission(3))).rejects.toMatchObject({
      ...refused,
      message: expect.stringContaining('knows another tree of size 3'),
    });
    const earlier = new Log(log);
    earlier.grow('a', 'b');
    await expect(cosigned(place(url), await earlier.submission(2))).rejects.toMatchObject({
      ...refused,
      message: expect.stringContaining('knows a tree of size 3, larger than the 2'),
    });
    expect(await readFile(state, 'utf8')).toBe(before);
    grown.grow('d');
    expect(await cosigned(place(url), await grown.submission(3))).toHaveLength(1);
  });

  test('refuses logs and keys that it does not know, and what is no request', async () => {
    const { url } = await start(join(dir, 'refuses.json'));
    const stranger = await signerFrom('example.com/log', seedOf(9));
    const of = async (each: Log) => {
      each.grow('a');
      return cosigned(place(url), await each.submission(0)).catch((error: unknown) => error);
    };
    expect(await of(new Log(log, 'custody/other'))).toMatchObject({ message: expect.stringContaining('answered 404') });
    expect(await of(new Log(stranger))).toMatchObject({ message: expect.stringContaining('answered 403') });
    const ask = async (body: Uint8Array | string) =>
      (await fetch(`${url}/add-checkpoint`, { method: 'POST', body: Buffer.from(body) })).status;
    const known = new Log(log);
    known.grow('a');
    const { checkpoint } = await known.submission(0);
    expect(await ask(checkpointRequest(2, [], checkpoint))).toBe(400);
    expect(await ask(checkpointRequest(0, [seedOf(1)], checkpoint))).toBe(422);
    for (const body of [
      '',
      'old 0\n\n',
      'old 00\n\nx',
      'new 0\n\nx',
      `old 0\n${'AAAA\n'.repeat(3)}\nx`,
      'x'.repeat(2e6),
    ])
      expect(await ask(body)).toBe(400);
  });
});

describe('A4: what a witness answers', () => {
  const asked = async (answer: (body: Uint8Array) => Served | Promise<Served>, keys = [witness.verifier]) => {
    const grown = new Log(log);
    grown.grow('a', 'b');
    const url = await serve(answer);
    return cosigned(place(url, keys), await grown.submission(0)).catch((error: unknown) => error);
  };
  const lineBy = async (signer: Signer, body: Uint8Array, text?: string) => {
    const note = parseNote(body.subarray(Buffer.from(body).indexOf('\n\n') + 2));
    return signatureLine(await signatureOf(text ?? note.text, signer, 1_800_000_000));
  };

  test('counts for keys that are known, and only where it is good', async () => {
    const other = await signerFrom('example.com/other', seedOf(3), COSIGNATURE);
    const both = await asked(async (body) => ({ body: (await lineBy(other, body)) + (await lineBy(witness, body)) }));
    expect(both).toMatchObject([{ name: 'example.com/witness' }]);
    const unknown = await asked(async (body) => ({ body: await lineBy(other, body) }));
    expect(unknown).toMatchObject({ code: 'NOTE_UNSIGNED' });
    const forged = await asked(async (body) => ({ body: await lineBy(witness, body, 'other\n') }));
    expect(forged).toMatchObject({ code: 'NOTE_SIGNATURE_INVALID' });
    const twice = await asked(async (body) => ({
      body: (await lineBy(witness, body)) + (await lineBy(witness, body, 'other\n')),
    }));
    expect(twice).toHaveLength(1);
  });

  test.each([
    [{ body: '' }, 'NOTE_UNSIGNED', false],
    [{ body: 'hello\n' }, 'NOTE_MALFORMED', false],
    [{ body: '— example.com/witness AAAA' }, 'NOTE_MALFORMED', false],
    [{ body: 'x'.repeat(17_000) }, 'WITNESS_REFUSED', false],
    [{ status: 409, type: 'text/x.tlog.size', body: '-1\n' }, 'WITNESS_REFUSED', false],
    [{ status: 409, type: 'text/x.tlog.size', body: '3\n' }, 'WITNESS_REFUSED', false],
    [{ status: 409, type: 'text/plain', body: '1\n' }, 'WITNESS_REFUSED', false],
    [{ status: 503, body: '' }, 'WITNESS_UNAVAILABLE', true],
  ] as const)('%j is %s', async (served, code, retryable) => {
    expect(await asked(() => served)).toMatchObject({ code, retryable });
  });

  test('is not waited for without end where it names another size each time', async () => {
    let size = 0;
    const answer = () => ({ status: 409, type: 'text/x.tlog.size', body: `${(size += 1) % 3}\n` });
    expect(await asked(answer)).toMatchObject({ code: 'WITNESS_UNAVAILABLE' });
    expect(size).toBe(3);
  });

  test('is told as what may pass where nobody listens', async () => {
    const grown = new Log(log);
    grown.grow('a');
    const url = `http://127.0.0.1:${await freePort()}`;
    await expect(cosigned(place(url), await grown.submission(0))).rejects.toMatchObject({
      code: 'WITNESS_UNAVAILABLE',
      retryable: true,
    });
  });
});
