import type { ClientAsk, Form } from '../../../protocol/calls/questions.ts';

/** What a server asks. */
export const FORM: Form = {
  key: 'order',
  message: 'Order 12 chairs?',
  schema: { type: 'object', properties: { confirm: { type: 'boolean' } }, required: ['confirm'] },
};

/** The same of the client's model, and of its folders. */
export const MODEL: ClientAsk = { key: 'thought', kind: 'sampling', message: 'Think.', params: { maxTokens: 1 } };
export const ROOTS: ClientAsk = { key: 'folders', kind: 'roots', message: 'Where?', params: {} };
