/** Builds the apps into dist/ unless it holds what these very sources give. */
import { lastWord } from './start/fault.ts';
import { CHECKOUT } from './start/layout.ts';
import { buildWorkspace } from './start/workspace-build.ts';

buildWorkspace(CHECKOUT).catch((error: unknown) => {
  console.error(lastWord(error) ?? error);
  process.exit(1);
});
