import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readRepository } from './support.js';

const read = (name: string): Record<string, unknown> =>
  parse(readRepository(`alert-rules/grafana/examples/${name}.yaml`)) as Record<string, unknown>;

interface ContactPoint {
  name: string;
  receivers: { uid: string; type: string; settings: Record<string, string> }[];
}
interface MuteTime {
  name: string;
  time_intervals: { times?: { start_time: string; end_time: string }[]; weekdays: string[]; location: string }[];
}

describe('the examples for Grafana', () => {
  it.each([
    ['contact-points', 'contactPoints'],
    ['mute-timings', 'muteTimes'],
  ])('%s adds its own kind of resource and touches no notification policy', (name, key) => {
    const file = read(name);
    expect(Object.keys(file).sort()).toEqual(['apiVersion', key]);
    expect(file['apiVersion']).toBe(1);
  });

  it('hold no secret: what is one comes from the environment', () => {
    const points = read('contact-points')['contactPoints'] as ContactPoint[];
    const receivers = points.flatMap((point) => point.receivers);
    expect(new Set(receivers.map(({ uid }) => uid)).size).toBe(receivers.length);
    for (const { type, settings } of receivers)
      expect(type === 'slack' ? settings['url'] : settings['integrationKey']).toMatch(/^\$GUARDSPAN_[A-Z_]+$/);
  });

  it('mute by times that Grafana reads: hours from 00:00 to 24:00, no time that crosses midnight', () => {
    const times = (read('mute-timings')['muteTimes'] as MuteTime[]).flatMap((one) => one.time_intervals);
    for (const { times: hours = [], weekdays, location } of times) {
      for (const { start_time, end_time } of hours) {
        for (const time of [start_time, end_time]) expect(time).toMatch(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/);
        expect(start_time < end_time).toBe(true);
      }
      for (const day of weekdays) expect(day).toMatch(/^[a-z]+day(:[a-z]+day)?$/);
      expect(() => new Intl.DateTimeFormat('en', { timeZone: location })).not.toThrow();
    }
  });
});
