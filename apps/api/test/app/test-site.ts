/** The smallest site file that says everything; specs that need more write their own. */
export const TEST_SITE = `
facility: { name: Test facility, contact: help@test.example }
timeZone: Europe/Paris
conditions:
  version: '1'
  publishedAt: '2026-01-01'
  text: Be kind to the machines.
beamlines:
  - { id: id11-diff, name: ID11, technique: Diffraction }
images:
  - { id: tiny }
flavours:
  - { id: small, vcpus: 1, memoryMib: 512, diskMib: 1024 }
plans:
  - id: tiny
    name: Tiny
    description: For tests
    image: tiny
    flavour: small
    lifetimeMinutes: 60
    keepsDisk: false
    preset: true
    beamlines: [id11-diff]
hosts:
  - { name: local, memoryLimitMib: 8192, diskReserveMib: 0, ports: { from: 20000, to: 20100 } }
quotas:
  USER: { machines: 2, vcpus: 4, memoryMib: 4096, storageMib: 8192 }
  STAFF: { machines: 2, vcpus: 4, memoryMib: 4096, storageMib: 8192 }
  ADMIN: { machines: 2, vcpus: 4, memoryMib: 4096, storageMib: 8192 }
  SUPPORT: { machines: 2, vcpus: 4, memoryMib: 4096, storageMib: 8192 }
data:
  roots: ['{dataDir}/proposals']
  path: '{dataDir}/proposals/{proposal}'
  scratch: { root: '{dataDir}/scratch', limitMib: 100 }
`;
