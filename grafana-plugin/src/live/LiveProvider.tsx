import { useQueryClient } from '@tanstack/react-query';
import React, { createContext, useContext, useEffect, useState, type ReactNode } from 'react';
import { affectedBy } from './affected';
import { followEvents, type LiveStatus } from './stream';

const LiveContext = createContext<LiveStatus>('connecting');
/** Events come in bursts; what they change is read once for all that came within this time. Milliseconds. */
const GATHER = 400;

/** Follows the event stream while the page is looked at, and has what changed read anew. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const [status, setStatus] = useState<LiveStatus>('connecting');

  useEffect(() => {
    let stop: (() => void) | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let changed = new Set<string>();
    let all = false;
    const flush = () => {
      timer = undefined;
      const resources = changed;
      const everything = all;
      changed = new Set();
      all = false;
      void client.invalidateQueries({
        predicate: ({ queryKey }) => everything || resources.has(String(queryKey[0])),
      });
    };
    const onEvent = (type: string) => {
      const affected = affectedBy(type);
      if (affected === undefined) {
        all = true;
      }
      affected?.forEach((resource) => changed.add(resource));
      timer ??= setTimeout(flush, GATHER);
    };
    const watch = () => {
      stop?.();
      stop = undefined;
      if (document.visibilityState === 'hidden') {
        setStatus('paused');
      } else {
        stop = followEvents({ onStatus: setStatus, onEvent });
      }
    };
    watch();
    document.addEventListener('visibilitychange', watch);
    return () => {
      document.removeEventListener('visibilitychange', watch);
      clearTimeout(timer);
      stop?.();
    };
  }, [client]);

  return <LiveContext.Provider value={status}>{children}</LiveContext.Provider>;
}

/** How the app learns of changes now. */
export function useLiveStatus(): LiveStatus {
  return useContext(LiveContext);
}
