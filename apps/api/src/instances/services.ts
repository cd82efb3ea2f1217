/** The service that this portal starts today: part of the route, of the unique index and of every query for a desktop. */
export const DESKTOP = 'desktop';
