import type * as GuacamoleTypes from 'guacamole-common-js';
import { Guacamole } from './guacamole';

/** 0x0100: UNSUPPORTED in the protocol's table of statuses. */
const UNSUPPORTED = 0x0100;

/** Hands on the text of a stream once all of it is there; a stream of anything else is refused. */
export function receivedText(
  stream: GuacamoleTypes.InputStream,
  mimetype: string,
  whole: (text: string) => void,
): void {
  if (!mimetype.startsWith('text/')) {
    stream.sendAck('Only text is shared', UNSUPPORTED);
    return;
  }
  const reader = new Guacamole.StringReader(stream);
  let text = '';
  reader.ontext = (piece) => (text += piece);
  reader.onend = () => whole(text);
}
