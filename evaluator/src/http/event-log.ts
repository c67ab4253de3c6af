import type { ApiEvent, EventStream, NumberedEvent } from './deps.js';

/**
 * Holds the newest events for clients that come back, and passes new ones on.
 * @param start random id of this start of the evaluator: ids of an earlier start are seen to be gone.
 * @param capacity events held. Default 1000.
 */
export function createEventLog(start: string, capacity = 1000): EventStream {
  const held: NumberedEvent[] = [];
  const listeners = new Set<(event: NumberedEvent) => void>();
  let count = 0;
  return {
    publish(event: ApiEvent) {
      count += 1;
      const numbered: NumberedEvent = { ...event, id: `${start}-${count}` };
      held.push(numbered);
      if (held.length > capacity) held.shift();
      for (const listener of listeners) listener(numbered);
    },
    subscribe(lastEventId, listener) {
      const dash = lastEventId.lastIndexOf('-');
      const known = dash > 0 && lastEventId.slice(0, dash) === start;
      const last = known ? Number(lastEventId.slice(dash + 1)) : Number.NaN;
      const valid = Number.isInteger(last) && last >= 0 && last <= count;
      const firstHeld = count - held.length + 1;
      if (valid) for (const event of held.slice(Math.max(0, last + 1 - firstHeld))) listener(event);
      listeners.add(listener);
      return {
        gap: lastEventId !== '' && !(valid && last + 1 >= firstHeld),
        stop: () => {
          listeners.delete(listener);
        },
      };
    },
  };
}
