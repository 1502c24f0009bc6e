import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { isUtf8 } from 'node:buffer';
import type { PolicyDocument } from '../protocol/calls/policy.ts';
import { readHead, whyUnreadable } from './document/file.ts';
import type { Problem } from './document/problems.ts';
import type { PolicyEntry } from './schema/policy.ts';

/** Bytes of one file of rules; what a set may have in all is less. */
const MOST = 256 * 1024;
const ENDING = '.cedar';

export interface LoadedPolicies {
  readonly policies: { readonly [profile: string]: PolicyDocument };
  /** Files that cannot be read, as problems of the operator's file. */
  readonly problems: readonly Problem[];
}

/**
 * The rules that custody.yaml names, by profile. Of a folder all files that end in `.cedar`, in the order of their
 * names.
 *
 * @param dir where relative paths start
 */
export async function loadPolicies(
  dir: string,
  entries: { readonly [profile: string]: PolicyEntry },
): Promise<LoadedPolicies> {
  const policies: Record<string, PolicyDocument> = {};
  const problems: Problem[] = [];
  for (const [profile, { rules, default: otherwise, mode }] of Object.entries(entries)) {
    const files: { name: string; text: string }[] = [];
    for (const [index, path] of rules.entries()) {
      try {
        for (const name of await filesAt(dir, path)) files.push({ name, text: await textOf(resolve(dir, name)) });
      } catch (error) {
        const why = error instanceof NoRules ? error.message : whyUnreadable(error);
        problems.push({ path: ['policies', profile, 'rules', index], message: `${path} ${why}` });
      }
    }
    policies[profile] = { default: otherwise, mode, files };
  }
  return { policies, problems };
}

async function filesAt(dir: string, path: string): Promise<readonly string[]> {
  if (!(await stat(resolve(dir, path))).isDirectory()) return [path];
  const names = (await readdir(resolve(dir, path))).filter((name) => name.endsWith(ENDING)).sort();
  if (names.length === 0) throw new NoRules(`has no file that ends in ${ENDING}`);
  return names.map((name) => join(path, name));
}

async function textOf(path: string): Promise<string> {
  const bytes = await readHead(path, MOST + 1);
  if (bytes.length > MOST) throw new NoRules(`is larger than ${MOST / 1024} KiB`);
  if (!isUtf8(bytes)) throw new NoRules('is not UTF-8 text; save it as UTF-8');
  return bytes.toString('utf8');
}

class NoRules extends Error {}
