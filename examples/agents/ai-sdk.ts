/**
 * An agent of the AI SDK whose tools run in a Custody session. The model is any that speaks the API of OpenAI, such as
 * Ollama on this machine.
 */
import { createMCPClient } from '@ai-sdk/mcp';
import { StdioMCPTransport } from '@ai-sdk/mcp/mcp-stdio';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { generateText, isStepCount } from 'ai';

const { MODEL_URL = 'http://localhost:11434/v1', MODEL = 'qwen3', MODEL_KEY = 'none' } = process.env;
const model = createOpenAICompatible({ name: 'local', baseURL: MODEL_URL, apiKey: MODEL_KEY })(MODEL);

const custody = await createMCPClient({
  transport: new StdioMCPTransport({
    command: 'custody',
    args: ['mcp', '--new', 'session.yaml', '--id', 'ai-sdk-1', '--actor', 'ai-sdk'],
    env: { TEMPORAL_ADDRESS: 'localhost:7233' },
  }),
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
