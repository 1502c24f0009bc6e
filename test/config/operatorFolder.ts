import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach } from 'vitest';
import { loadOperatorConfig, type OperatorConfig } from '../../config/operator.ts';

export const SERVERS = 'servers: { files: { command: npx } }';
export const PROFILES = 'profiles: { p: {} }';

/** A folder for each test of the file that calls this, and custody.yaml in it. */
export class OperatorFolder {
  dir = '';

  constructor() {
    beforeEach(async () => {
      this.dir = await mkdtemp(join(tmpdir(), 'custody-'));
      return () => rm(this.dir, { recursive: true });
    });
  }

  write(name: string, text: string): Promise<void> {
    return writeFile(join(this.dir, name), text);
  }

  async load(text: string): Promise<OperatorConfig> {
    await this.write('custody.yaml', text);
    return loadOperatorConfig(join(this.dir, 'custody.yaml'));
  }
}
