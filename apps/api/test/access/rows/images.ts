import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { uploadsFolder } from '../../../src/images/image-folders';
import type { RowContext, RouteRequest, RowSource } from '../row';

const TUS = { 'Tus-Resumable': '1.0.0' };
const UPLOAD = '0123456789abcdef'.repeat(2);

/** An image of an admin with a version in this state, a flavour and a plan of it; taken back with everything else. */
const made = (state: string, more: Pick<RouteRequest, 'body'> = {}) =>
  async ({ house }: RowContext): Promise<RouteRequest> => {
    const { dataSource } = house.desktops.api;
    await dataSource.query(
      `INSERT INTO image (id, name, origin) VALUES ('ours', 'Ours', 'admin') ON CONFLICT DO NOTHING`,
    );
    await dataSource.query(
      `INSERT INTO image_version (image_id, number, state, source, sha256, boot, protocol, agent)
       VALUES ('ours', 1, $1, '{"kind": "file", "name": "x"}', $2, '{"kind": "disk"}', 'vnc', false) ON CONFLICT DO NOTHING`,
      [state, 'a'.repeat(64)],
    );
    return { params: { image: 'ours', version: '1' }, ...more };
  };

const planned = (more: Pick<RouteRequest, 'body'> = {}) =>
  async (context: RowContext): Promise<RouteRequest> => {
    await made('active')(context);
    const { dataSource } = context.house.desktops.api;
    await dataSource.query(
      `INSERT INTO flavour (id, vcpus, memory_mib, disk_mib, origin) VALUES ('ours', 1, 1, 1, 'admin'), ('spare', 1, 1, 1, 'admin')
       ON CONFLICT DO NOTHING`,
    );
    await dataSource.query(
      `INSERT INTO plan (id, name, description, image_id, flavour_id, lifetime_minutes, keeps_disk, preset, position, origin)
       VALUES ('ours', 'Ours', 'x', 'ours', 'ours', 60, false, false, 9, 'admin') ON CONFLICT DO NOTHING`,
    );
    return { params: { plan: 'ours', flavour: 'spare' }, ...more };
  };

/** Half of an upload of this caller, if that is the admin; of somebody else otherwise. */
const uploaded = (headers: Record<string, string> = {}, body?: string) => ({ house, caller }: RowContext): RouteRequest => {
  const folder = uploadsFolder(house.desktops.api.config.dataDir);
  mkdirSync(folder, { recursive: true });
  const owner = caller === 'admin' ? house.people.admin.userId : 'somebody';
  const metadata = { owner, filename: 'x' };
  const record = { id: UPLOAD, size: 4, offset: 0, metadata, creation_date: new Date().toISOString() };
  writeFileSync(join(folder, UPLOAD), '');
  writeFileSync(join(folder, `${UPLOAD}.json`), JSON.stringify(record));
  return { params: { upload: UPLOAD }, headers: { ...TUS, ...headers }, ...(body === undefined ? {} : { body }) };
};

const PLAN = { name: 'Mine', description: 'x', image: 'tiny', flavour: 'small', lifetimeMinutes: 60, keepsDisk: false };

/** For facility admins alone; what software there is, for everybody. */
const ADMIN = 'out    unk    con    no     no     no     no     no     no     no     no     no    ';

export const IMAGES: RowSource[] = [
  { route: 'GET /api/images', answers: `${ADMIN} 200`, changes: false },
  {
    route: 'POST /api/images',
    request: () => ({ body: { id: 'mine', name: 'Mine' } }),
    answers: `${ADMIN} 201`,
    changes: true,
  },
  { route: 'GET /api/images/files', answers: `${ADMIN} 200`, changes: false },
  { route: 'GET /api/images/{image}', request: made('draft'), answers: `${ADMIN} 200`, changes: false },
  {
    route: 'PATCH /api/images/{image}',
    request: made('draft', { body: { name: 'Another' } }),
    answers: `${ADMIN} 200`,
    changes: true,
  },
  { route: 'DELETE /api/images/{image}', request: made('draft'), answers: `${ADMIN} 204`, changes: true },
  {
    route: 'POST /api/images/{image}/versions',
    request: async (context) => {
      const { dir } = context.house.desktops.api.config.imageIntake;
      mkdirSync(dir, { recursive: true });
      writeFileSync(join(dir, 'disk.qcow2'), 'x');
      return made('draft', { body: { source: { kind: 'file', name: 'disk.qcow2' } } })(context);
    },
    answers: `${ADMIN} 201`,
    changes: true,
  },
  {
    route: 'PATCH /api/images/{image}/versions/{version}',
    request: made('draft', { body: { protocol: 'rdp', agent: true } }),
    answers: `${ADMIN} 200`,
    changes: true,
  },
  { route: 'DELETE /api/images/{image}/versions/{version}', request: made('draft'), answers: `${ADMIN} 204`, changes: true },
  { route: 'POST /api/images/{image}/versions/{version}/activate', request: made('draft'), answers: `${ADMIN} 200`, changes: true },
  { route: 'POST /api/images/{image}/versions/{version}/retire', request: made('active'), answers: `${ADMIN} 200`, changes: true },
  {
    route: 'POST /api/images/{image}/versions/{version}/try',
    request: made('draft', { body: {} }),
    answers: `${ADMIN} 200`,
    changes: true,
  },
  { route: 'POST /api/images/{image}/versions/{version}/abort', request: made('importing'), answers: `${ADMIN} 200`, changes: true },
  {
    route: 'POST /api/images/{image}/versions/{version}/retry',
    request: async (context) => {
      const { dir } = context.house.desktops.api.config.imageIntake;
      mkdirSync(dir, { recursive: true });
      writeFileSync(join(dir, 'x'), 'x');
      return made('failed')(context);
    },
    answers: `${ADMIN} 200`,
    changes: true,
  },
  {
    route: 'POST /api/uploads',
    request: () => ({ headers: { ...TUS, 'Upload-Length': '4' } }),
    answers: `${ADMIN} 201`,
    changes: true,
  },
  { route: 'GET /api/uploads/{upload}', request: uploaded(), answers: `${ADMIN} 200`, changes: false },
  {
    route: 'PATCH /api/uploads/{upload}',
    request: uploaded({ 'Upload-Offset': '0', 'Content-Type': 'application/offset+octet-stream' }, 'abcd'),
    answers: `${ADMIN} 204`,
    changes: true,
  },
  { route: 'DELETE /api/uploads/{upload}', request: uploaded(), answers: `${ADMIN} 204`, changes: true },
  { route: 'GET /api/flavours', answers: `${ADMIN} 200`, changes: false },
  {
    route: 'POST /api/flavours',
    request: () => ({ body: { id: 'mine', vcpus: 1, memoryMib: 512, diskMib: 1024 } }),
    answers: `${ADMIN} 201`,
    changes: true,
  },
  { route: 'PATCH /api/flavours/{flavour}', request: planned({ body: { vcpus: 2 } }), answers: `${ADMIN} 200`, changes: true },
  { route: 'DELETE /api/flavours/{flavour}', request: planned(), answers: `${ADMIN} 204`, changes: true },
  { route: 'GET /api/plans', answers: `${ADMIN} 200`, changes: false },
  {
    route: 'POST /api/plans',
    request: () => ({ body: { id: 'mine', ...PLAN, beamlines: ['id11-diff'] } }),
    answers: `${ADMIN} 201`,
    changes: true,
  },
  {
    route: 'PATCH /api/plans/{plan}',
    request: planned({ body: { beamlines: ['id11-diff'] } }),
    answers: `${ADMIN} 200`,
    changes: true,
  },
  { route: 'DELETE /api/plans/{plan}', request: planned(), answers: `${ADMIN} 204`, changes: true },
  {
    route: 'GET /api/software',
    request: () => ({ query: '?q=x' }),
    answers: 'out    unk    con    200    200    200    200    200    200    200    200    200    200',
    changes: false,
  },
];
