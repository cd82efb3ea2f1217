/** Failures in a row after which a template is set aside. */
export const MOST_FAILURES = 2;
