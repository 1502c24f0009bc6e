/** The page that verifies in a browser what is given to it, and loads and sends nothing. */
import { HASHER } from '../tlog/tree/hashing.ts';
import { parseVkey } from '../tlog/note/keys.ts';
import { fromBase64 } from '../tlog/note/text.ts';
import { NOTE_BYTES } from '../tlog/note/note.ts';
import { KEY_BYTES } from '../seal/keys.ts';
import type { Trust } from '../verify/bundle.ts';
import { verifyRecord } from '../verify/proof.ts';
import { type Verification, verify } from '../verify/verify.ts';
import { byId, visible } from './elements.ts';
import { bundleOf, chosenIn, droppedIn, type Given } from './files.ts';
import { show } from './show.ts';

let chosen: Given | File | undefined;

function choose(given: Given | File | undefined): void {
  chosen = given;
  byId('chosen').textContent =
    given === undefined
      ? 'Nothing is chosen yet.'
      : visible(given instanceof File ? `The file ${given.name}.` : `A folder with ${given.size} files.`);
}

function trustIn(): Trust {
  const lines = byId<HTMLTextAreaElement>('keys').value.split('\n');
  const keys = new Set(lines.map((line) => line.trim()).filter((line) => line !== ''));
  const origin = byId<HTMLInputElement>('origin').value.trim();
  const key = byId<HTMLInputElement>('session-key').value.trim();
  const sessionKey = key === '' ? undefined : fromBase64(key);
  if (key !== '' && sessionKey?.length !== KEY_BYTES)
    throw new Error(`The key of a session is ${KEY_BYTES} bytes in base64.`);
  return {
    keys: [...keys].map((each) => parseVkey(each)),
    ...(origin === '' ? {} : { origin }),
    ...(sessionKey ? { sessionKey } : {}),
    hasher: HASHER,
  };
}

/** Browsers have not known this algorithm for long; without it every signature would look bad. */
async function checkBrowser(): Promise<void> {
  await crypto.subtle.generateKey('Ed25519', false, ['sign', 'verify']).catch(() => {
    throw new Error('This browser does not know Ed25519. Take a newer one, or the command `custody verify`.');
  });
}

async function verified(): Promise<Verification> {
  await checkBrowser();
  if (chosen === undefined) throw new Error('Choose the folder of a bundle, or the proof of one record.');
  const trust = trustIn();
  if (!(chosen instanceof File)) return verify(bundleOf(chosen), trust);
  if (chosen.size > 2 * NOTE_BYTES) throw new Error(`A proof has at most ${2 * NOTE_BYTES} bytes.`);
  return verifyRecord(new Uint8Array(await chosen.arrayBuffer()), trust);
}

async function run(work: () => Promise<void>): Promise<void> {
  byId('problem').textContent = '';
  document.body.setAttribute('aria-busy', 'true');
  await work().catch((error: unknown) => {
    byId('result').hidden = true;
    byId('problem').textContent = visible(error instanceof Error ? error.message : String(error));
  });
  document.body.removeAttribute('aria-busy');
}

byId('form').addEventListener('submit', (event) => {
  event.preventDefault();
  void run(async () => show(await verified()));
});
byId('folder').addEventListener('change', ({ target }) => choose(chosenIn((target as HTMLInputElement).files!)));
byId('proof').addEventListener('change', ({ target }) => choose((target as HTMLInputElement).files?.[0]));
document.addEventListener('dragover', (event) => {
  event.preventDefault();
  document.body.classList.add('over');
});
document.addEventListener('dragleave', () => document.body.classList.remove('over'));
document.addEventListener('drop', (event) => {
  event.preventDefault();
  document.body.classList.remove('over');
  const { dataTransfer } = event;
  if (dataTransfer) void run(async () => choose(await droppedIn(dataTransfer)));
});
