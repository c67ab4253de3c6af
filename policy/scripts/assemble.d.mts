/** The text of read-units-module.ts. */
export function assemble(): Promise<string>;
