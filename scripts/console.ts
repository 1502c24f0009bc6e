/** Makes the page of the console: a script, a style sheet and a document in dist/, which load nothing else. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const at = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const target = at('dist/gateway/console/page/');

const bundle = await rolldown({
  input: at('console/main.tsx'),
  platform: 'browser',
  tsconfig: at('console/tsconfig.json'),
});
const { output } = await bundle.generate({ format: 'es', minify: true });
const [{ code, imports }] = output;
if (output.length !== 1 || imports.length > 0) throw new Error('The page would load more than its script.');

/** What is in the script beside the house's own. */
const INSIDE = ['preact', '@preact/signals', '@preact/signals-core'];
const licenses = INSIDE.map(async (name) => `${name}\n\n${await readFile(at(`node_modules/${name}/LICENSE`), 'utf8')}`);

await mkdir(target, { recursive: true });
await writeFile(`${target}app.js`, `/* licenses.txt says what is in here. */\n${code}`);
await writeFile(`${target}licenses.txt`, (await Promise.all(licenses)).join('\n\n'));
for (const [from, name] of [
  ['index.html', 'index.html'],
  ['app.css', 'app.css'],
] as const)
  await writeFile(target + name, await readFile(at(`console/${from}`), 'utf8'));
