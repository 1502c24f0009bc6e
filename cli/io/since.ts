import { Option } from '@commander-js/extra-typings';
import { duration } from './parse.ts';

const WEEK = 7 * 24 * 3_600_000;

/** The option `--since`, in milliseconds: a week where it is left out. */
export const since = (what = 'sessions that were started within this time') =>
  new Option('--since <duration>', what).argParser(duration).default(WEEK, '7d');
