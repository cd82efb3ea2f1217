import { Page } from 'playwright-core';
import { until } from './installation';
import { Screen } from './screen';

/** What a guest may round a side down by, pixels. */
const ROUNDING = 8;

/** Chooses from the toolbar how the picture is put into the window; until the menu is gone it would take clicks on the desktop. */
export async function choosePicture(page: Page, name: 'Fit' | '1:1' | 'Match my window'): Promise<void> {
  await page.getByRole('button', { name: /^Picture: / }).click();
  await page.getByRole('menuitemradio', { name }).click();
  await page.locator('.cdk-overlay-backdrop').waitFor({ state: 'detached' });
}

/** Waits until the guest's screen fills its place in the window, pixel for pixel; gives its size, pixels. */
export async function filledWindow(page: Page, withinMs: number): Promise<{ width: number; height: number }> {
  const screen = new Screen(page);
  const place = () =>
    page.getByTestId('remote-display').evaluate(({ clientWidth, clientHeight }) => {
      return [clientWidth, clientHeight].map((side) => side * devicePixelRatio) as [number, number];
    });
  let seen = '';
  await until(
    async () => {
      const { width, height } = await screen.size();
      const [across, down] = await place();
      seen = `${width} × ${height} in ${across} × ${down}`;
      return [across - width, down - height].every((spare) => spare >= 0 && spare < ROUNDING);
    },
    withinMs,
    () => `the screen to fill its place; it is ${seen}`,
  );
  return screen.size();
}
