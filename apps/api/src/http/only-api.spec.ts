import { Hypervisor } from '@beamdesk/hypervisor';
import { MemoryHypervisor } from '@beamdesk/hypervisor/testing';
import { createTestApp } from '../../test/app/test-app';

describe('a process with the role worker alone', () => {
  it('says how it is, and serves nobody', async () => {
    const worker = await createTestApp({
      env: { ROLES: 'worker' },
      override: (builder) => builder.overrideProvider(Hypervisor).useValue(new MemoryHypervisor()),
    });
    try {
      expect((await worker.browser().get('/api/health')).status).toBe(200);
      expect([200, 503]).toContain((await worker.browser().get('/api/ready')).status);
      expect((await worker.browser().get('/api/session')).status).toBe(404);
    } finally {
      await worker.close();
    }
  });
});
