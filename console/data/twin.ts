import { shellWord } from '../../protocol/values/shell.ts';
import { API } from './api.ts';

/** The same by the command line, and by curl. */
export interface Twin {
  /** Words after `custody`. */
  readonly cli: readonly string[];
  readonly path: string;
  readonly body: object;
}

const OPTION = /^--[a-z-]+$/;

export const cliOf = ({ cli }: Twin): string =>
  ['custody', ...cli.map((word) => (OPTION.test(word) ? word : shellWord(word)))].join(' ');

export const curlOf = ({ path, body }: Twin): string =>
  [
    'curl',
    shellWord(`${globalThis.location.origin}${API}${path}`),
    '-H "Authorization: Bearer $KEY"',
    "-H 'Content-Type: application/json'",
    `-d ${shellWord(JSON.stringify(body))}`,
  ].join(' ');

/** A part of a path of the API. */
export const part = encodeURIComponent;
