/**
 * An agent of the AI SDK whose tools run in the Custody session that a URL and a key lead to. The model is any that
 * speaks the API of OpenAI, such as Ollama on this machine.
 */
import { createMCPClient } from '@ai-sdk/mcp';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { generateText, isStepCount } from 'ai';

const { MODEL_URL = 'http://localhost:11434/v1', MODEL = 'qwen3', MODEL_KEY = 'none', CUSTODY_TOKEN } = process.env;
const model = createOpenAICompatible({ name: 'local', baseURL: MODEL_URL, apiKey: MODEL_KEY })(MODEL);

const custody = await createMCPClient({
  transport: {
    type: 'http',
    url: 'http://localhost:8080/mcp',
    headers: { authorization: `Bearer ${CUSTODY_TOKEN}` },
  },
});
try {
  const { text } = await generateText({
    model,
    tools: await custody.tools(),
    stopWhen: isStepCount(10),
    prompt: process.argv[2] ?? 'Write a short poem to poem.md.',
  });
  console.log(text);
} finally {
  await custody.close();
}
