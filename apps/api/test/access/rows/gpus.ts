import type { RowSource } from '../row';

/** The hosts' graphics cards and who has them, for those who run the site. */
export const GPUS: RowSource[] = [
  //           nobody unauth unacc  strang team   owner  user   guest  supp-m staff  other  supp   admin
  {
    route: 'GET /api/gpus',
    answers: 'out    unk    con    no     no     no     no     no     no     no     no     no     200',
    changes: false,
  },
];
