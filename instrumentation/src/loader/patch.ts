import type { GuardRuntime, SiteDeclaration } from '../guard/types.js';

/** What a patched client talks to. */
export interface PatchHost {
  /** The runtime for a call that is about to be made. */
  runtime(): GuardRuntime;
  /** Tells the runtime what the client that was just patched can do. */
  declare(site: SiteDeclaration): void;
}

/** A client that is patched. */
export interface Patch {
  /** Puts the client's own methods back. Nothing happens where another wrapper lies on top of ours. */
  undo(): void;
}
