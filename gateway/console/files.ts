import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';

/** What the page is made of, as the build leaves it beside this file. */
const FILES = {
  'index.html': 'text/html; charset=utf-8',
  'app.js': 'text/javascript; charset=utf-8',
  'app.css': 'text/css; charset=utf-8',
  'licenses.txt': 'text/plain; charset=utf-8',
} as const;
export type FileName = keyof typeof FILES;

export const isFile = (name: string): name is FileName => Object.hasOwn(FILES, name);

/** The page asks its own origin alone, runs no script that is not its own, and is shown in no frame. */
const HEADERS = {
  'content-security-policy': [
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:",
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "require-trusted-types-for 'script'; trusted-types 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  'cache-control': 'no-cache',
  vary: 'accept-encoding',
};

interface Kept {
  readonly plain: Uint8Array<ArrayBuffer>;
  readonly zipped: Uint8Array<ArrayBuffer>;
  readonly tag: string;
}

/** The files of the page, read when they are first asked for. */
export class Files {
  readonly #kept = new Map<FileName, Promise<Kept>>();

  async answer(name: FileName, { headers }: Request): Promise<Response> {
    const kept = this.#kept.get(name) ?? read(name);
    this.#kept.set(name, kept);
    const { plain, zipped, tag } = await kept;
    const about = { ...HEADERS, 'content-type': FILES[name], etag: tag };
    if (headers.get('if-none-match') === tag) return new Response(null, { status: 304, headers: about });
    const isZipped = /\bgzip\b/.test(headers.get('accept-encoding') ?? '');
    return isZipped
      ? new Response(zipped, { headers: { ...about, 'content-encoding': 'gzip' } })
      : new Response(plain, { headers: about });
  }
}

async function read(name: FileName): Promise<Kept> {
  const plain = new Uint8Array(await readFile(new URL(`./page/${name}`, import.meta.url)));
  const tag = `W/"${createHash('sha256').update(plain).digest('hex').slice(0, 32)}"`;
  return { plain, zipped: new Uint8Array(gzipSync(plain)), tag };
}
