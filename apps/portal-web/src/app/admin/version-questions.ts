import type { ImageVersionView, ImageView } from '@beamdesk/contracts';
import { StopQuestion } from '../resources/stop-dialog';
import { activeOf, useWords } from './image-words';

/** What is asked before something is done with a version that others notice, or that cannot be undone. */
export function questionOf(
  wish: 'activate' | 'retire' | 'remove',
  image: ImageView,
  version: ImageVersionView,
): StopQuestion {
  const name = `version ${version.number}`;
  const goesOn = useWords(version) === '' ? [] : ['Desktops that run on it, and kept disks, go on.'];
  if (wish === 'activate') {
    const before = activeOf(image);
    return {
      title: `Activate ${name} of ${image.name}?`,
      consequences: [
        'Launches use it from now on, wherever plans offer this image.',
        ...(before ? [`Version ${before.number} is retired; desktops that run on it, and kept disks, go on.`] : []),
        'Its settings do not change any more after that.',
      ],
      confirm: 'Activate',
      refuse: 'Not yet',
      calm: true,
    };
  }
  if (wish === 'retire') {
    return {
      title: `Retire ${name} of ${image.name}?`,
      consequences: ['Nothing new is launched with it: plans with this image are not offered until another version is active.', ...goesOn],
      confirm: 'Retire',
      refuse: 'Leave it',
    };
  }
  return version.state === 'importing'
    ? {
        title: `Call off ${name} of ${image.name}?`,
        consequences: ['Taking it in ends, and nothing of it stays.'],
        confirm: 'Call off',
        refuse: 'Let it go on',
      }
    : {
        title: `${version.state === 'failed' ? 'Discard' : 'Delete'} ${name} of ${image.name}?`,
        consequences: ['Its files are removed from the server. It can’t be brought back.'],
        confirm: version.state === 'failed' ? 'Discard' : 'Delete',
        refuse: 'Keep it',
      };
}
