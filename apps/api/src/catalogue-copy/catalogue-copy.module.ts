import { Global, Module } from '@nestjs/common';
import { CatalogueCopies } from './catalogue-copies';
import { CopiedProposals } from './copied-proposals';
import { CopyKeeper } from './copy-keeper';
import { CopySettings, DEFAULT_COPY_SETTINGS } from './copy-settings';
import { CopyWriter } from './copy-writer';

/** Global: sign-in, lists, launches and sessions ask it. */
@Global()
@Module({
  providers: [
    CopiedProposals,
    CopyWriter,
    CatalogueCopies,
    CopyKeeper,
    { provide: CopySettings, useValue: DEFAULT_COPY_SETTINGS },
  ],
  exports: [CopiedProposals, CopyWriter, CatalogueCopies, CopyKeeper],
})
export class CatalogueCopyModule {}
