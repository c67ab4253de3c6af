import { describe, expect, it } from 'vitest';
import { readMapping, readTable } from '../../src/replay/index.js';
import { detectDelimiter } from '../../src/replay/detect-delimiter.js';
import { formatReader, guessFormat, readIso } from '../../src/replay/read-moment.js';
import { readNumber, readValue } from '../../src/replay/read-value.js';

const HEAD = 'apiVersion: guardspan/v1alpha1\nkind: CallMapping\nmodel: {value: m}\n';
const seconds = (iso: string): number => Date.parse(iso) / 1000;

describe('times of tables', () => {
  it.each([
    ['2026-01-31', '2026-01-31T00:00:00Z'],
    ['2026/01/31 9:05', '2026-01-31T09:05:00Z'],
    ['2026-01-31 09:05:06.25', '2026-01-31T09:05:06.250Z'],
    ['2026-01-31T09:05:06,5', '2026-01-31T09:05:06.500Z'],
    ['2026-01-31T09:05:06+02:00', '2026-01-31T07:05:06Z'],
    ['2026-01-31 09:05:06 -0530', '2026-01-31T14:35:06Z'],
    ['2026-01-31 09:05 UTC', '2026-01-31T09:05:00Z'],
    ['20260131T090506Z', '2026-01-31T09:05:06Z'],
  ])('reads %s as ISO, in UTC without a zone', (raw, iso) => {
    expect(readIso(raw)).toBeCloseTo(seconds(iso), 6);
  });
  it.each([
    '31.01.2026',
    '01/31/2026',
    '2026-02-30',
    '2026-13-01',
    '2026-01-31 25:00',
    'Jan 31, 2026',
    '',
    '1767225600',
  ])('takes %s for no ISO time', (raw) => {
    expect(readIso(raw)).toBeNaN();
  });
  it.each([
    ['DD.MM.YYYY HH:mm', '31.01.2026 09:05', '2026-01-31T09:05:00Z'],
    ['MM/DD/YYYY hh:mm:ss A', '1/31/2026 12:05:06 AM', '2026-01-31T00:05:06Z'],
    ['MM/DD/YY hh:mm A', '01/31/26 9:05 pm', '2026-01-31T21:05:00Z'],
    ['DD MMM YYYY HH:mm:ss.SSS Z', '31 Jan 2026 09:05:06.250 +0200', '2026-01-31T07:05:06.250Z'],
    ['MMMM DD, YYYY', 'January 31, 2026', '2026-01-31T00:00:00Z'],
  ])('reads the format %s', (format, raw, iso) => {
    expect(formatReader(format)!(raw)).toBeCloseTo(seconds(iso), 6);
    expect(formatReader(format)!('31')).toBeNaN();
  });
  it('asks for a year, a month and a day once each, and guesses a format for a hint', () => {
    expect(formatReader('HH:mm')).toBeUndefined();
    expect(formatReader('DD.MM.YYYY DD')).toBeUndefined();
    expect(guessFormat('31.01.2026 09:05')).toBe('DD.MM.YYYY HH:mm');
    expect(guessFormat('1/31/26 09:05:06')).toBe('MM/DD/YY HH:mm:ss');
    expect(guessFormat('soon')).toBe('');
  });
});

describe('values of tables', () => {
  it.each([
    ['1234.5', 1234.5],
    ['1,234.5', 1234.5],
    ['1 234 567', 1_234_567],
    ["-1'234", -1234],
    ['.5', 0.5],
    ['1e-3', 0.001],
    ['1,23', NaN],
    ['12 apples', NaN],
    ['0x1F', NaN],
    ['Infinity', NaN],
  ])('reads the number %s', (raw, value) => {
    expect(readNumber(raw, { decimal: '.' })).toBe(value);
  });
  it.each([
    ['1234,5', 1234.5],
    ['1.234,5', 1234.5],
    ['1.234', 1234],
    ['1.2', NaN],
  ])('reads the number %s with a decimal comma', (raw, value) => {
    expect(readNumber(raw, { decimal: ',' })).toBe(value);
  });
  it('keeps codes and names as text, and reads True and FALSE', () => {
    const read = (raw: string): unknown => readValue(raw, { decimal: '.' });
    expect(['01234', '90071992547409930', 'yes', 'True', 'FALSE', '7', '1.0', '0', '0.5'].map(read)).toEqual([
      ...['01234', '90071992547409930', 'yes', true, false, 7, 1, 0, 0.5],
    ]);
  });
  it.each([
    ['a,b;c,d\n', ','],
    ['"a;b;c",d\n', ','],
    ['\ufeffa;b;"c,d,e,f"\r\n1,2;3', ';'],
    ['\n\na\tb\n', '\t'],
    ['a|b', '|'],
    ['a', ','],
  ])('finds the delimiter of %j', (text, delimiter) => {
    expect(detectDelimiter(text)).toBe(delimiter);
  });
});

describe('a table', () => {
  it('leaves unknown values out, so that none of them is a no', () => {
    const mapping = readMapping(
      `${HEAD}time: {iso: t}\nduration: {column: ms, unit: ms}\noutput: {score: s}\nfeatures: {age: age}\ngroup: {sex: sex}\ntruth: {paid: paid, late: {column: paid, delay: 1d}}\n`,
      'm',
    );
    const { calls } = readTable(
      't,ms,s,age,sex,paid\n2026-01-01,NA,,?,NULL,NaN\n2026-01-02,250,0.5,41,f,TRUE\n',
      't.csv',
      mapping,
    );
    const [unknown, known] = calls.map(({ call, facts }) => ({ ...call, facts }));
    expect(unknown).toMatchObject({
      duration: NaN,
      output: { score: NaN },
      features: {},
      group: { sex: '' },
      truth: {},
    });
    expect(unknown!.facts).toEqual([]);
    expect(known).toMatchObject({ duration: 0.25, output: { score: 0.5 }, features: { age: 41 }, group: { sex: 'f' } });
    expect(known).toMatchObject({ truth: { paid: true }, facts: [{ name: 'late', value: 'true', delay: 86_400 }] });
  });
  it('keeps names of models, versions, groups and labels as they are written', () => {
    const mapping = readMapping(
      'apiVersion: guardspan/v1alpha1\nkind: CallMapping\ntime: {rowsPerSecond: 1}\nmodel: a\nversion: b\ngroup: {g: b}\noutput: {label: b}\nmissing: []\n',
      'm',
    );
    const { call } = readTable('a,b\nNA,2.0\n', 't.csv', mapping).calls[0]!;
    expect(call).toMatchObject({
      model: { name: 'NA', version: '2.0' },
      group: { g: '2.0' },
      output: { label: '2.0' },
    });
  });
  it('names rows by their place in the file, whatever they are sorted by', () => {
    const mapping = readMapping(`${HEAD}time: {rowsPerSecond: 1}\nsort: [n]\n`, 'm');
    const { calls } = readTable('n\n2\n\n1\n', 't.csv', mapping);
    expect(calls.map(({ id }) => id)).toEqual(['row 2', 'row 1']);
  });
  it.each([
    [
      'text where a number belongs',
      't,d\n2026-01-01,1\n\n2026-01-02,fast\n',
      'duration: d',
      /row 2 \(line 4\), column "d": "fast" is no number/,
    ],
    ['dates of another form', 't,d\n31.12.2025,1\n', 'duration: d', /column "t": "31.12.2025" is no time/],
    ['a row that is too short', 't,d,e\n2026-01-01,1,2\n2026-01-01\n', 'duration: d', /line 3/],
    ['a stray quote', 't,d\n2026-01-01,a"b"\n', 'duration: d', /[Qq]uote.* line 2/],
    ['no rows', 't,d\n', 'duration: d', /a header and no row, so/],
    ['nothing', '', 'duration: d', /is empty/],
    ['no such column', 't,d\n2026-01-01,1\n', 'duration: e', /no column "e"/],
  ])('with %s says where', (_name, csv, rest, message) => {
    expect(() => readTable(csv, 't.csv', readMapping(`${HEAD}time: {iso: t}\n${rest}\n`, 'm'))).toThrow(message);
  });
  it('says which format dates of another form may have', () => {
    const mapping = readMapping(`${HEAD}time: {iso: t}\n`, 'm');
    let hint = '';
    try {
      readTable('t\n31.12.2025 10:00\n', 't.csv', mapping);
    } catch (error) {
      hint = (error as { hint: string }).hint;
    }
    expect(hint).toContain('time: {column: "t", format: "DD.MM.YYYY HH:mm"}');
    expect(() => readMapping(`${HEAD}time: {column: t, format: hours}\n`, 'm')).toThrow(/format/);
  });
});
