/**
 * Puts values into a payload store without end, and prints each reference once its value is kept; killed by its test.
 *
 *   node putting.js FOLDER ROUND
 */
import { FolderStore } from '../../store/folder.ts';

const [folder = '', round = '0'] = process.argv.slice(2);
const store = new FolderStore(folder);
for (let n = 0; ; n += 1) {
  const ref = await store.put({ round: Number(round), n, text: 'x'.repeat(200_000 + n) });
  process.stdout.write(`${JSON.stringify({ ...ref })}\n`);
}
