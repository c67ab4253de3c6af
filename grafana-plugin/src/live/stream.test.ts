import { setBackendSrv, type BackendSrv } from '@grafana/runtime';
import { Observable, type Subscriber } from 'rxjs';
import { followEvents, type LiveStatus } from './stream';

const encode = (text: string) => ({ ok: true, data: new TextEncoder().encode(text) });
let connections: Array<{ headers: { [name: string]: string }; sink: Subscriber<unknown> }>;
let statuses: LiveStatus[];
let events: string[];
let stop: () => void;

beforeEach(() => {
  jest.useFakeTimers();
  connections = [];
  statuses = [];
  events = [];
  setBackendSrv({
    chunked: ({ headers }: { headers: { [name: string]: string } }) =>
      new Observable((sink) => void connections.push({ headers, sink })),
  } as unknown as BackendSrv);
  stop = followEvents({
    onStatus: (status) => statuses.push(status),
    onEvent: (type) => events.push(type),
    random: () => 0,
  });
});
afterEach(() => {
  stop();
  jest.useRealTimers();
});

it('reads events however they are cut', () => {
  const text = 'id: s-1\nevent: verdict\ndata: {"at":1}\n\n';
  for (const letter of text) {
    connections[0]!.sink.next(encode(letter));
  }
  expect(events).toEqual(['verdict']);
  expect(statuses.at(-1)).toBe('live');
});

it('polls while a proxy holds the stream back, and tries again', () => {
  jest.advanceTimersByTime(5000);
  expect(statuses.at(-1)).toBe('polling');
  jest.advanceTimersByTime(500);
  expect(connections).toHaveLength(2);
});

it('comes back after the last event that it saw', () => {
  connections[0]!.sink.next(encode('id: s-7\nevent: fleet\ndata: {}\n\n'));
  connections[0]!.sink.complete();
  jest.advanceTimersByTime(500);
  expect(connections[1]!.headers['Last-Event-ID']).toBe('s-7');
});

it('takes a stream that fell silent for broken', () => {
  connections[0]!.sink.next(encode(': open\n\n'));
  jest.advanceTimersByTime(39_999);
  expect(statuses.at(-1)).toBe('live');
  jest.advanceTimersByTime(1);
  expect(statuses.at(-1)).toBe('polling');
});

it('waits longer after each failure, 15 to 30 seconds at most, and opens one connection at a time', () => {
  for (let n = 0; n < 8; n += 1) {
    connections.at(-1)!.sink.error(new Error('down'));
    // Half of the bound, because the random part is 0 here.
    jest.advanceTimersByTime(Math.min(30_000, 1000 * 2 ** n) / 2 - 1);
    expect(connections).toHaveLength(n + 1);
    jest.advanceTimersByTime(1);
    expect(connections).toHaveLength(n + 2);
  }
  expect(connections.filter(({ sink }) => !sink.closed)).toHaveLength(1);
});

it('ends with its connection', () => {
  stop();
  expect(connections[0]!.sink.closed).toBe(true);
  jest.advanceTimersByTime(60_000);
  expect(connections).toHaveLength(1);
});
