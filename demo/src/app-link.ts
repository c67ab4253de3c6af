import type { Command, Event, Observation } from './messages.js';

const FLUSH_MS = 50;

/** The app's end of the line to the scenario that started it. */
export interface AppLink {
  send(event: Event): void;
  observe(observation: Observation): void;
  onCommand(listener: (command: Command) => void): void;
  /** Sends what is left and leaves. */
  close(): void;
}

/** Opens the line over Node's IPC; observations are sent in small batches. */
export function openAppLink(): AppLink {
  let pending: Observation[] = [];
  const send = (event: Event): void => {
    process.send?.(event);
  };
  const flush = (): void => {
    if (pending.length === 0) return;
    send({ type: 'calls', observations: pending });
    pending = [];
  };
  const timer = setInterval(flush, FLUSH_MS);
  return {
    send,
    observe: (observation) => void pending.push(observation),
    onCommand: (listener) => void process.on('message', (message) => listener(message as Command)),
    close: () => {
      clearInterval(timer);
      flush();
      send({ type: 'stopped' });
      process.disconnect?.();
    },
  };
}
