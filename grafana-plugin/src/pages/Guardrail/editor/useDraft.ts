import { useMemo, useState } from 'react';
import { Drafts, type Draft } from '../../../documents/drafts';

/** What is in force, or a new text that is not. */
export interface Saved {
  /** Empty for a new document. */
  revision: string;
  source: string;
}

/** A text that is being edited, and what it is compared with. */
export interface Editing extends Pick<Draft, 'text' | 'base' | 'baseText'> {
  /** True when the text differs from that of `base`. */
  changed: boolean;
  /** True when what is in force is not what the text was made from. */
  overtaken: boolean;
  /** When the draft that was found was written, seconds from epoch; 0 when none was. */
  restoredAt: number;
  /** False when the browser keeps no draft. */
  kept: boolean;
  setText: (text: string) => void;
  /** Gives the draft up and takes what is in force. */
  discard: () => void;
  /** Keeps the text, as a change of what is in force now. */
  rebase: () => void;
  /** Forgets the draft, because it was taken. */
  saved: () => void;
}

/** Keeps the text of a document over reloads and failures, and follows what is in force while nothing is changed. */
export function useDraft(key: string, inForce: Saved): Editing {
  const drafts = useMemo(() => new Drafts(window.localStorage), []);
  const fresh = (): Draft => ({
    ...{ text: inForce.source, base: inForce.revision },
    ...{ baseText: inForce.source, at: 0 },
  });
  const [found] = useState(() => drafts.read(key));
  const [draft, setDraft] = useState<Draft>(() => found ?? fresh());
  const [restoredAt, setRestoredAt] = useState(found?.at ?? 0);
  const [kept, setKept] = useState(true);
  const changed = draft.text !== draft.baseText;
  const overtaken = draft.base !== inForce.revision;
  if (!changed && overtaken) {
    setDraft(fresh());
  }

  const keep = (next: Draft): void => {
    setDraft(next);
    if (next.text === next.baseText && next.base !== '') {
      drafts.remove(key);
      setKept(true);
    } else {
      setKept(drafts.write(key, next));
    }
  };
  const forget = (): void => {
    drafts.remove(key);
    setRestoredAt(0);
  };
  return {
    ...draft,
    ...{ changed, overtaken: changed && overtaken, restoredAt, kept },
    setText: (text) => keep({ ...draft, text, at: Date.now() / 1000 }),
    discard: () => {
      forget();
      setDraft(fresh());
    },
    rebase: () => keep({ ...draft, base: inForce.revision, baseText: inForce.source, at: Date.now() / 1000 }),
    saved: () => {
      forget();
      setDraft((now) => ({ ...now, baseText: now.text }));
    },
  };
}
