import { CustodyError, type Refusal } from '../../protocol/errors.ts';

/** Why something did not work, as a workflow keeps it. */
export const refusalOf = (error: unknown): Refusal =>
  error instanceof CustodyError
    ? { code: error.code, message: error.message.slice(0, 1000) }
    : { code: 'INTERNAL_ERROR', message: String(error).slice(0, 1000) };
