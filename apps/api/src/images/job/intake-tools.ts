import type { ConvertImage, FetchImage, InspectImage } from '../intake';

/** What looks at foreign files and makes ours of them; also the Nest token. */
export abstract class IntakeTools {
  abstract readonly inspect: InspectImage;
  abstract readonly convert: ConvertImage;
  abstract readonly fetch: FetchImage;
}
