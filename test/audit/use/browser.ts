import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';

/** Where Debian, Google and Homebrew put it. */
const PLACES = [
  process.env.CUSTODY_CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/google-chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

const executablePath = PLACES.find((place) => place !== undefined && existsSync(place));

/** Why no page can be opened; undefined: one can. */
export const withoutBrowser = executablePath ? undefined : 'needs Chromium, to open a page: set CUSTODY_CHROMIUM to it';

export const openBrowser = (): Promise<Browser> =>
  chromium.launch({ executablePath: executablePath!, args: ['--no-sandbox', '--disable-dev-shm-usage'] });

/** The page as it was built, opened from its file, with what it says on the console and asks of the network. */
export async function openPage(browser: Browser): Promise<{ readonly page: Page; readonly noise: string[] }> {
  const page = await browser.newPage();
  const noise: string[] = [];
  page.on('console', (message) => noise.push(message.text()));
  page.on('pageerror', (error) => noise.push(error.message));
  page.on('dialog', (dialog) => (noise.push(dialog.message()), void dialog.dismiss()));
  const file = fileURLToPath(new URL('../../../dist/audit/page/verify.html', import.meta.url));
  page.on('request', (request) => {
    if (!request.url().endsWith('/audit/page/verify.html')) noise.push(request.url());
  });
  await page.goto(`file://${file}`);
  return { page, noise };
}
