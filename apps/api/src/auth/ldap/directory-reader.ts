import type { DirectorySettings } from '../../config';
import type { Talk } from './conversation';
import { DirectoryFault, resultCode, wordsOf } from './directory-fault';

/**
 * What follows on this connection is asked by the site's reader, or by nobody. @throws DirectoryFault where it is
 * refused
 */
export async function bindReader(talk: Talk, { reader }: DirectorySettings): Promise<void> {
  try {
    await talk.bind(reader?.dn ?? '', reader?.password.reveal() ?? '');
  } catch (error) {
    if (resultCode(error) === null) throw error;
    throw new DirectoryFault('refused', `${readerName({ reader })}: ${wordsOf(error)}`, error);
  }
}

export function readerName({ reader }: Pick<DirectorySettings, 'reader'>): string {
  return reader ? `the reader ${reader.dn}` : 'an anonymous reader';
}
