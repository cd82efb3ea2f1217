/** A name of an account or a group that no name service can take for a number or an option. */
export const plainName = /^[A-Za-z_][A-Za-z0-9_.@-]{0,127}$/;
