import type { SessionHandle } from '../../client/index.ts';
import type { Scene } from '../support/scene.ts';
import type { Fence } from './fence.ts';
import { type Agent, type RunningAgent, startAgent } from './frameworks/agent.ts';
import { type Model, type Script, startModel } from './model/model.ts';
import { Workplace } from './workplace.ts';

/** What one agent goes through, in a session of its own on the server `journal`; what it saw is told in a few words. */
export class Stage {
  readonly scene: Scene;
  readonly #agent: Agent;
  readonly #place: Workplace;
  readonly #models: Model[] = [];
  readonly #running: RunningAgent[] = [];
  readonly #said: string[] = [];

  private constructor(scene: Scene, agent: Agent, place: Workplace) {
    this.scene = scene;
    this.#agent = agent;
    this.#place = place;
  }

  /** @param within a folder for the agent's things */
  static async open(scene: Scene, agent: Agent, slug: string, within: string, fence: Fence): Promise<Stage> {
    const { taskQueue } = scene.custody;
    const name = `${agent.id}-${slug}`;
    const place = await Workplace.open({ within, name, taskQueue, server: 'journal', fence });
    return new Stage(scene, agent, place);
  }

  get session(): SessionHandle {
    return this.scene.custody.session(this.#place.sessionId);
  }

  /** Starts the session before the agent does. */
  async begin(): Promise<void> {
    await this.scene.custody.start(
      { agent: { id: 'desk', version: '1.0.0' }, profile: 'standard', servers: ['journal'] },
      { id: this.#place.sessionId },
    );
  }

  /** Starts the agent on a model with this script. */
  async agent(script: Script): Promise<RunningAgent & { readonly model: Model }> {
    const model = await startModel(script);
    this.#models.push(model);
    const running = await startAgent(this.#agent, this.#place, model.url);
    this.#running.push(running);
    void running.said.then(
      (said) => this.#said.push(said),
      () => undefined,
    );
    return { ...running, model };
  }

  /** How often the tool was begun with this text. */
  made(text: string): number {
    return this.scene.journal.entries().filter(({ phase, args }) => phase === 'begin' && args['text'] === text).length;
  }

  /** The names under which the agent offered tools to the model. */
  get offered(): readonly string[] {
    return this.#models.flatMap(({ offered }) => [...offered]);
  }

  /** What came back to the model, in order, in the words of the table. */
  get seen(): string {
    const words = this.#models.flatMap(({ results }) => results).map(inBrief);
    if (this.#said.some((said) => said.includes('there is no tool'))) words.push('no such tool is listed');
    const runs = words.filter((word, index) => word !== words[index - 1]);
    const counts = runs.map((word) => [word, words.filter((each) => each === word).length] as const);
    return counts.map(([word, count]) => (count === 1 ? word : `${word} ${count} times`)).join(', then ');
  }

  async close(): Promise<void> {
    await Promise.all(this.#running.map((running) => running.kill()));
    await Promise.all(this.#models.map((model) => model.close()));
  }
}

/** The code of a refusal; of an answer, that it is one. */
function inBrief(result: string): string {
  const code = /^(?:Error: )?([A-Z]+(?:_[A-Z]+)+)\b/.exec(result)?.[1];
  if (code) return `\`${code}\``;
  return result.includes('appended') ? 'the answer' : `\`${result.split('\n', 1)[0]?.slice(0, 80) ?? ''}\``;
}
