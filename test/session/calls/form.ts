import type { Form } from '../../../protocol/calls/questions.ts';

/** What a server asks. */
export const FORM: Form = {
  key: 'order',
  message: 'Order 12 chairs?',
  schema: { type: 'object', properties: { confirm: { type: 'boolean' } }, required: ['confirm'] },
};
