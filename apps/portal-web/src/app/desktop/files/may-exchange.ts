import type { InstanceView } from '@beamdesk/contracts';
import { DesktopStatus } from '../desktop-status';
import { looksOn } from '../looks-on';

/** Why files can't go to or from this desktop now, and what helps; null where they can. Who may is the api's to decide. */
export function whyNoFiles(instance: InstanceView | undefined, status: DesktopStatus): string | null {
  if (!instance) return 'There is no desktop here any more to exchange files with.';
  if (looksOn(instance))
    return 'You watch this desktop. Only those who may control it can exchange files with it.';
  switch (instance.state) {
    case 'READY':
      return whyNotConnected(status);
    case 'REQUESTED':
    case 'BUILDING':
    case 'STARTING':
      return 'The desktop is still starting. Send files once its picture is there.';
    default:
      return 'The desktop does not run. Start it, then send files.';
  }
}

function whyNotConnected({ kind }: DesktopStatus): string | null {
  switch (kind) {
    case 'live':
      return null;
    case 'ended':
      return 'This page is not connected to the desktop. Connect again, then send files.';
    default:
      return 'There is no connection to the desktop at the moment. Send files once its picture is back.';
  }
}
