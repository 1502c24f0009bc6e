import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { HarnessOptions } from '../../support/harness.ts';
import { openBrowser } from '../../audit/use/browser.ts';
import { House, type ServeProcess } from '../http/house.ts';

/** Nobody waits so long on a quiet machine. */
const WITHIN = 90_000;

/** A page of the console, and all that it says on the browser's console or asks elsewhere. */
export interface Visit {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly noise: string[];
}

/** A `custody serve` with its console, a browser, and sessions that ask people. */
export class Place {
  readonly house: House;
  readonly gateway: ServeProcess;
  readonly browser: Browser;

  private constructor(house: House, gateway: ServeProcess, browser: Browser) {
    this.house = house;
    this.gateway = gateway;
    this.browser = browser;
  }

  static async open(options: HarnessOptions = {}): Promise<Place> {
    const house = await House.open(options);
    return new Place(house, await house.serve(), await openBrowser());
  }

  /** A browser that nobody has used before, at a view. */
  async visit(path = '/console', more: Parameters<Browser['newContext']>[0] = {}): Promise<Visit> {
    const context = await this.browser.newContext(more);
    const page = await context.newPage();
    page.setDefaultTimeout(WITHIN);
    const noise: string[] = [];
    page.on('console', (message) => noise.push(message.text()));
    page.on('pageerror', (error) => noise.push(error.message));
    page.on('dialog', (dialog) => (noise.push(dialog.message()), void dialog.dismiss()));
    page.on('request', (request) => {
      if (!request.url().startsWith(this.gateway.url) && !request.url().startsWith('data:')) noise.push(request.url());
    });
    await page.goto(new URL(path, this.gateway.url).href);
    return { page, context, noise };
  }

  /** The same, logged in by a key with these roles. */
  async enter(token: string, path = '', more: Parameters<Browser['newContext']>[0] = {}): Promise<Visit> {
    const visit = await this.visit('/console', more);
    const { page } = visit;
    await page.fill('#token', token);
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Log out' }).waitFor();
    if (path !== '') await page.goto(`${this.gateway.url}/console${path}`);
    // That nobody was logged in at first is said by the browser.
    visit.noise.length = 0;
    return visit;
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.house.close();
  }
}
