import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { parseCheckpointRequest, REQUEST_BYTES } from '../../../audit/witness/tlogWitness.ts';
import { parseCheckpoint, verifyCheckpoint } from '../../../audit/tlog/note/checkpoint.ts';
import { parseVkey } from '../../../audit/tlog/note/keys.ts';
import { parseNote, signatureLine } from '../../../audit/tlog/note/note.ts';
import { signatureOf, signerOf } from '../../../audit/tlog/note/sign.ts';
import { EMPTY_TREE, rootOf } from '../../../audit/tlog/tree/frontier.ts';
import { equal, type Head, isConsistent } from '../../../audit/tlog/tree/verify.ts';
import { writeWhole } from '../../../store/whole.ts';

/**
 * A witness of logs (c2sp.org/tlog-witness), as a process of its own: it cosigns a checkpoint of a log that it knows,
 * if the tree begins with the one that it cosigned before. What it cosigned last is on disk before it answers.
 *
 *   node witness.js STATE.json SKEY ORIGIN=VKEY…      (prints its URL; SKEY of type cosignature)
 */
const [stateFile = '', skey = '', ...logs] = process.argv.slice(2);
const signer = await signerOf(skey);
const keys = new Map(
  logs.map((log) => {
    const at = log.indexOf('=');
    return [log.slice(0, at), parseVkey(log.slice(at + 1))] as const;
  }),
);

interface Reply {
  readonly status: number;
  readonly type?: string;
  readonly body: string;
}

type State = { [origin: string]: { readonly size: number; readonly root: string } };

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const readState = async (): Promise<State> => JSON.parse(await readFile(stateFile, 'utf8').catch(() => '{}')) as State;

async function addCheckpoint(body: Uint8Array): Promise<Reply> {
  const { old, proof, checkpoint: note } = parseCheckpointRequest(body);
  const { text } = parseNote(note);
  const { origin } = parseCheckpoint(text);
  const key = keys.get(origin);
  if (!key) return { status: 404, body: 'This log is not known here.\n' };
  const signed = await verifyCheckpoint(note, { origin, keys: [key] }).catch(() => undefined);
  if (!signed) return { status: 403, body: 'No key of the log has signed it.\n' };
  const { checkpoint } = signed;
  if (old > checkpoint.size) return { status: 400, body: 'The old size is larger than the tree.\n' };
  const state = await readState();
  const last = Object.hasOwn(state, origin) ? state[origin]! : { size: 0, root: hex(rootOf(EMPTY_TREE)) };
  if (old !== last.size) return { status: 409, type: 'text/x.tlog.size', body: `${last.size}\n` };
  const earlier: Head = { size: last.size, root: Buffer.from(last.root, 'hex') };
  if (old === checkpoint.size && !equal(earlier.root, checkpoint.root))
    return { status: 409, body: 'Another tree of this size was cosigned.\n' };
  if (!isConsistent(earlier, checkpoint, proof)) return { status: 422, body: 'The trees are not consistent.\n' };
  const next = { ...state, [origin]: { size: checkpoint.size, root: hex(checkpoint.root) } };
  await writeWhole(stateFile, Buffer.from(JSON.stringify(next)), 'replace');
  const line = signatureLine(await signatureOf(text, signer, Math.floor(Date.now() / 1000)));
  return { status: 200, body: line };
}

/** One after the other, so that what is compared is what is replaced. */
let turn: Promise<unknown> = Promise.resolve();

const server = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    if ((bytes += chunk.length) <= REQUEST_BYTES) chunks.push(chunk);
  }
  const answer = (): Promise<Reply> =>
    request.method === 'POST' && request.url === '/add-checkpoint'
      ? addCheckpoint(Buffer.concat(chunks)).catch((error: Error) => ({ status: 400, body: `${error.message}\n` }))
      : Promise.resolve({ status: 404, body: 'There is nothing here.\n' });
  const mine = turn.then(answer);
  turn = mine;
  const { status, type = 'text/plain; charset=utf-8', body } = await mine;
  response.writeHead(status, { 'content-type': type }).end(body);
});

server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});
process.stdin.resume().on('end', () => process.exit(0));
