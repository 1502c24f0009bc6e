/** Makes the page that verifies evidence in a browser: one file, in dist/, that loads nothing. */
import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const source = (name: string): string => fileURLToPath(new URL(`../../audit/page/${name}`, import.meta.url));
const target = new URL('../audit/page/verify.html', import.meta.url);

const bundle = await rolldown({ input: source('main.ts'), platform: 'browser' });
const { output } = await bundle.generate({ format: 'iife', minify: true });
const [{ code: script, imports }] = output;
const style = await readFile(source('page.css'), 'utf8');
const template = await readFile(source('page.html'), 'utf8');
if (output.length !== 1 || imports.length > 0 || /<\/(?:script|style)/i.test(script + style))
  throw new Error('The page would not stand alone.');

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

const policy = [
  `default-src 'none'; script-src ${hashOf(script)}; style-src ${hashOf(style)}`,
  "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
].join('; ');
const parts = {
  POLICY: policy,
  '<style></style>': `<style>${style}</style>`,
  '<script></script>': `<script>${script}</script>`,
};
await mkdir(new URL('.', target), { recursive: true });
await writeFile(
  target,
  Object.entries(parts).reduce((page, [place, part]) => page.replace(place, () => part), template),
);
