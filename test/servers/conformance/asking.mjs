/** What of the conformance server asks its client before it answers, as the suite's scenarios want it. */
import { randomBytes } from 'node:crypto';
import { createRequestStateCodec, inputRequired } from '@modelcontextprotocol/server';

/** What a server keeps with its client between two rounds, so that nobody changes it. */
export const states = createRequestStateCodec({ key: randomBytes(32) });

/** @param {string} text */
const said = (text) => ({ content: [{ type: 'text', text }] });

/** @param {string} message @param {Record<string, object>} properties */
const form = (message, properties) =>
  /** @type {any} */ ({
    method: 'elicitation/create',
    params: { message, requestedSchema: { type: 'object', properties, required: Object.keys(properties) } },
  });
/** @param {string} prompt @param {number} maxTokens */
const sampling = (prompt, maxTokens = 100) =>
  inputRequired.createMessage({ messages: [{ role: 'user', content: { type: 'text', text: prompt } }], maxTokens });

const TEXT = { type: 'string' };
const NAME = form('What is your name?', { name: TEXT });
const CONFIRM = form('Please confirm', { ok: { type: 'boolean' } });
const CHOICES = ['option1', 'option2', 'option3'];
const TITLED = ['First', 'Second', 'Third'].map((title, index) => ({
  const: `value${index + 1}`,
  title: `${title} Option`,
}));

const DEFAULTS = {
  name: { type: 'string', default: 'John Doe' },
  age: { type: 'integer', default: 30 },
  score: { type: 'number', default: 95.5 },
  status: { type: 'string', enum: ['active', 'inactive', 'pending'], default: 'active' },
  verified: { type: 'boolean', default: true },
};
const ENUMS = {
  untitledSingle: { type: 'string', enum: CHOICES },
  titledSingle: { type: 'string', oneOf: TITLED },
  legacyEnum: {
    type: 'string',
    enum: ['opt1', 'opt2', 'opt3'],
    enumNames: ['Option One', 'Option Two', 'Option Three'],
  },
  untitledMulti: { type: 'array', items: { type: 'string', enum: CHOICES } },
  titledMulti: { type: 'array', items: { anyOf: TITLED } },
};

/** @typedef {{ inputResponses?: Record<string, any>, requestState: () => any }} Request */

/**
 * Asks until all that is asked is answered, then says what was.
 *
 * @param {(args: any) => Record<string, any>} requests
 * @param {(responses: Record<string, any>) => string} [tell]
 * @param {boolean} [hasState]
 */
const asking =
  (requests, tell = (responses) => JSON.stringify(responses), hasState = false) =>
  async (/** @type {any} */ args, /** @type {Request} */ { inputResponses = {} }) => {
    const wanted = requests(args);
    if (Object.keys(wanted).every((key) => Object.hasOwn(inputResponses, key))) return said(tell(inputResponses));
    return inputRequired({
      inputRequests: wanted,
      ...(hasState ? { requestState: await states.mint({ round: 1 }) } : {}),
    });
  };
const elicited = (/** @type {Record<string, any>} */ { form: { action, content } }) =>
  `Elicitation completed: action=${action}, content=${JSON.stringify(content)}`;

const STEPS = [
  form('Step 1: What is your name?', { name: TEXT }),
  form('Step 2: What is your favorite color?', { color: TEXT }),
];

/** @type {(args: any, request: Request) => Promise<any>} */
const inSteps = async (_args, { requestState }) => {
  const { round = 0 } = requestState() ?? {};
  if (round >= STEPS.length) return said('All steps are done.');
  return inputRequired({
    inputRequests: { [`step${round + 1}`]: STEPS[round] },
    requestState: await states.mint({ round: round + 1 }),
  });
};

/** @type {Record<string, { inputSchema?: object, call: (args: any, request: Request) => Promise<any> }>} */
export const ASKING = {
  test_sampling: {
    inputSchema: { type: 'object', properties: { prompt: TEXT }, required: ['prompt'] },
    call: asking(
      ({ prompt }) => ({ answer: sampling(prompt) }),
      ({ answer }) => `LLM response: ${answer.content.text}`,
    ),
  },
  test_elicitation: {
    inputSchema: { type: 'object', properties: { message: TEXT }, required: ['message'] },
    call: asking(({ message }) => ({ form: form(message, { username: TEXT, email: TEXT }) }), elicited),
  },
  test_elicitation_sep1034_defaults: { call: asking(() => ({ form: form('Is this right?', DEFAULTS) }), elicited) },
  test_elicitation_sep1330_enums: { call: asking(() => ({ form: form('Which of these?', ENUMS) }), elicited) },
  test_missing_capability: { call: asking(() => ({ answer: sampling('Anything') })) },
  test_streaming_elicitation: { call: asking(() => ({ confirm: CONFIRM })) },
  test_input_required_result_elicitation: {
    call: asking(
      () => ({ user_name: NAME }),
      ({ user_name }) => `Hello, ${user_name.content?.name}!`,
    ),
  },
  test_input_required_result_sampling: {
    call: asking(() => ({ capital_question: sampling('What is the capital of France?') })),
  },
  test_input_required_result_list_roots: { call: asking(() => ({ client_roots: inputRequired.listRoots() })) },
  test_input_required_result_request_state: {
    call: asking(
      () => ({ confirm: CONFIRM }),
      () => 'state-ok',
      true,
    ),
  },
  test_input_required_result_multiple_inputs: {
    call: asking(
      () => ({
        user_name: NAME,
        greeting: sampling('Generate a greeting', 50),
        client_roots: inputRequired.listRoots(),
      }),
      undefined,
      true,
    ),
  },
  test_input_required_result_multi_round: { call: inSteps },
  test_input_required_result_tampered_state: {
    call: asking(
      () => ({ confirm: CONFIRM }),
      () => 'state-ok',
      true,
    ),
  },
  test_input_required_result_capabilities: { call: asking(() => ({ user_name: NAME, greeting: sampling('Greet') })) },
};

/** @type {(request: Request) => Promise<any>} */
export const askingPrompt = async ({ inputResponses = {} }) => {
  const { user_context: given } = inputResponses;
  if (given)
    return { messages: [{ role: 'user', content: { type: 'text', text: `Context: ${given.content?.context}` } }] };
  return inputRequired({
    inputRequests: { user_context: form('What context should the prompt use?', { context: TEXT }) },
  });
};
