import type { Browser, Page } from 'playwright-core';

/** A page whose browser gives it no time at all. */
export interface SleepingPage {
  /** Lets it go on; gives how long it slept by its own clock, ms. Nothing can be asked of the page before. */
  wake(): Promise<number>;
}

/**
 * Stops the processes that a browser's pages run in, as a computer that sleeps does. (DevTools' lifecycle state `frozen`
 * stops hidden pages only, and a headless page is never hidden.)
 */
export async function sleepingPage(browser: Browser, page: Page): Promise<SleepingPage> {
  const gap = await page.evaluateHandle(() => {
    const longest = { ms: 0, last: Date.now() };
    setInterval(() => {
      longest.ms = Math.max(longest.ms, Date.now() - longest.last);
      longest.last = Date.now();
    }, 100);
    return longest;
  });
  const devtools = await browser.newBrowserCDPSession();
  const { processInfo } = await devtools.send('SystemInfo.getProcessInfo');
  const pids = processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id);
  pids.forEach((pid) => process.kill(pid, 'SIGSTOP'));
  return {
    wake: async () => {
      pids.forEach((pid) => process.kill(pid, 'SIGCONT'));
      await page.waitForTimeout(300);
      return (await gap.jsonValue()).ms;
    },
  };
}
