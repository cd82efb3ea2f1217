import type * as GuacamoleTypes from 'guacamole-common-js';
import * as bundle from 'guacamole-common-js';

/** The package exports one object as default; its types describe that object's members as the module's own. */
export const Guacamole = (bundle as unknown as { default: typeof GuacamoleTypes }).default;
