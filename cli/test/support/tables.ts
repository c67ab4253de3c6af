/** Tables as other systems write them. Each is seeded, and has a change half way or none; what it promises is one false alarm in twenty such tables. */
export interface Table {
  name: string;
  file: string;
  csv: string;
  mapping: string;
  guardrail: string;
}

/** Numbers in [0, 1), the same on every machine. */
function seeded(seed: number): () => number {
  let state = Math.imul(seed + 1, 0x9e3779b1) >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const HEAD = 'apiVersion: guardspan/v1alpha1\nkind: CallMapping\n';
const START = Date.UTC(2026, 0, 5);

function guardrail(name: string, over: string): string {
  return [
    'apiVersion: guardspan/v1alpha1',
    'kind: Guardrail',
    `metadata: {name: ${name}}`,
    `spec:`,
    `  over: {${over}}`,
    "  action: {annotate: {attributes: {seen: 'yes'}}}",
    '  mode: warn',
    '',
  ].join('\n');
}

const two = (n: number): string => String(n).padStart(2, '0');

/** A credit table of a German office: semicolons, decimal commas, a byte order mark, CRLF, dates with the day first, truths 30 days later, empty lines. Approvals of women fall from 60 to 30 %. */
function credit(seed: number, changed: boolean): Table {
  const random = seeded(seed);
  const rows = Array.from({ length: 3000 }, (_, i) => {
    const at = new Date(START + i * 600_000);
    const sex = random() < 0.4 ? 'w' : 'm';
    const approved = random() < (changed && sex === 'w' && i >= 1500 ? 0.3 : 0.6);
    const amount = Math.floor(random() * 3e6);
    const written = `${Math.floor(amount / 1e5)}.${String(Math.floor(amount / 100) % 1000).padStart(3, '0')},${two(amount % 100)}`;
    const when = `${two(at.getUTCDate())}.${two(at.getUTCMonth() + 1)}.${at.getUTCFullYear()} ${two(at.getUTCHours())}:${two(at.getUTCMinutes())}`;
    const gap = i % 500 === 499 ? '\r\n' : '';
    return `"K-${i}";${when};${random() < 0.02 ? '' : sex};${written};"${approved ? 'ja' : 'nein'}";${random() < 0.05 ? 'NA' : random() < 0.9 ? 1 : 0}${gap}`;
  });
  return {
    name: 'credit',
    file: 'credit.csv',
    csv: `\ufeffNr;Datum;Geschlecht;Betrag;Zusage;"bezahlt"\r\n${rows.join('\r\n')}\r\n;;;;;\r\n`,
    mapping: `${HEAD}time: {column: Datum, format: DD.MM.YYYY HH:mm}\ndecimal: ","\nmodel: {value: credit}\nfeatures: {amount: Betrag}\noutput: {label: {column: Zusage, map: {ja: approve, nein: reject}}}\ngroup: {sex: Geschlecht}\ntruth: {repaid: {column: bezahlt, map: {"1": true, "0": false}, delay: 30d}}\n`,
    guardrail: guardrail(
      'equal-selection',
      `every: 1d, groupBy: [model], mode: iid, maxSeries: 1, test: {rateGap: {attribute: sex, of: "output.label == 'approve'", ratio: 0.9}}, promise: {falseAlarms: 0.05, per: 21d}`,
    ),
  };
}

/** The truths of the same table: women who were approved repay less often. */
function repayment(seed: number, changed: boolean): Table {
  const table = credit(seed, false);
  const random = seeded(seed + 7_000);
  const lines = table.csv.split('\r\n').map((line, index) => {
    if (!line.startsWith('"K-')) return line;
    const cells = line.split(';');
    const worse = changed && cells[2] === 'w' && index > 1500;
    if (cells[5] !== 'NA') cells[5] = random() < (worse ? 0.6 : 0.9) ? '1' : '0';
    return cells.join(';');
  });
  return {
    ...table,
    name: 'repayment',
    csv: lines.join('\r\n'),
    guardrail: guardrail(
      'equal-repayment',
      `every: 1d, groupBy: [model], mode: iid, maxSeries: 1, test: {rateGap: {attribute: sex, of: "truth.repaid == true", among: "output.label == 'approve'", ratio: 0.95}}, promise: {falseAlarms: 0.05, per: 21d}`,
    ),
  };
}

/** A churn table of a telephone company: milliseconds, rows in no order, yes and no, a column twice, quoted fields with commas and line breaks, charges with blanks. Predictions of churn double. */
function churn(seed: number, changed: boolean): Table {
  const random = seeded(seed + 1_000);
  const rows = Array.from({ length: 4000 }, (_, i) => {
    const yes = random() < (changed && i >= 2000 ? 0.12 : 0.05);
    const charges = random() < 0.03 ? ' ' : (random() * 5000).toFixed(2);
    const thousands = charges.trim() === '' ? charges : `"${Number(charges).toLocaleString('en-US')}"`;
    return {
      key: random(),
      line: `${START + i * 30_000},"Doe, ""J"" ${i}${i % 100 === 0 ? '\n(moved)' : ''}",${i % 3 === 0 ? 'Month-to-month' : 'One year'},${thousands},${yes ? 'Yes' : 'No'},${i}`,
    };
  });
  const lines = rows.sort((a, b) => a.key - b.key).map(({ line }) => line);
  return {
    name: 'churn',
    file: 'churn.csv',
    csv: `ts,customer,Contract,TotalCharges,Churn,customer\n${lines.join('\n')}`,
    mapping: `${HEAD}time: {epoch: ts}\nmodel: {value: churn}\nfeatures: {contract: Contract, charges: TotalCharges, number: "customer (6)"}\noutput: {values: {churn: {column: Churn, map: {"Yes": true, "No": false}}}}\n`,
    guardrail: guardrail(
      'churn-rate',
      `every: 1h, groupBy: [model], maxSeries: 1, test: {rate: {of: "output.values.churn == true", max: 0.06}}, promise: {falseAlarms: 0.05, per: 34h}`,
    ),
  };
}

/** A medical table: tabs, dates with slashes, question marks, codes with leading zeros, names beyond 2^53, a tiny group. The mean score rises from 0.3 to 0.45. */
function medical(seed: number, changed: boolean): Table {
  const random = seeded(seed + 2_000);
  const rows = Array.from({ length: 3000 }, (_, i) => {
    const at = new Date(START + i * 120_000).toISOString().slice(0, 19).replaceAll('-', '/').replace('T', ' ');
    const score = random() * (changed && i >= 1500 ? 0.9 : 0.6);
    const ethnicity = random() < 0.005 ? 'other' : random() < 0.5 ? 'a' : 'b';
    return `90071992547409${930 + (i % 70)}\t0${1000 + (i % 9)}\t${at}\t${random() < 0.04 ? '?' : score.toFixed(3)}\t${ethnicity}\t${random() < 0.05 ? '?' : Math.floor(random() * 90)}`;
  });
  return {
    name: 'medical',
    file: 'medical.tsv',
    csv: `patient\tzip\tseen at\tscore\tethnicity\tage\n${rows.join('\n')}\n`,
    mapping: `${HEAD}time: {iso: seen at}\nmodel: {value: triage}\nfeatures: {patient: patient, zip: zip, age: age}\noutput: {score: score}\ngroup: {ethnicity: ethnicity}\n`,
    guardrail: guardrail(
      'mean-score',
      `every: 1h, groupBy: [model], maxSeries: 1, test: {mean: {of: output.score, range: [0, 1], max: 0.35}}, promise: {falseAlarms: 0.05, per: 100h}`,
    ),
  };
}

/** Requests of a web service with a season of a day and latencies in milliseconds: what is slow doubles, or only the traffic does. */
function latency(seed: number, changed: boolean): Table {
  const random = seeded(seed + 3_000);
  const rows: string[] = [];
  for (let minute = 0; minute < 2 * 1440; minute++) {
    const busy = 1 + Math.round(2 * (1 + Math.sin((minute / 1440) * 2 * Math.PI)));
    for (let i = 0; i < busy; i++) {
      const slow = random() < (changed && minute >= 1440 ? 0.1 : 0.04);
      const at = new Date(START + minute * 60_000 + i * 10_000).toISOString();
      rows.push(
        `${at}|m|${slow ? 900 + Math.floor(random() * 2000) : Math.floor(50 + random() * 300)}|${random() < 0.01 ? 'timeout' : ''}`,
      );
    }
  }
  return {
    name: 'latency',
    file: 'requests.csv',
    csv: `time|model|latency_ms|error\n${rows.join('\n')}\n`,
    mapping: `${HEAD}time: {iso: time}\nmodel: model\nduration: {column: latency_ms, unit: ms}\nerror: error\n`,
    guardrail: guardrail(
      'slow',
      `every: 30m, groupBy: [model], maxSeries: 1, test: {latency: {within: 800ms, max: 0.05}}, promise: {falseAlarms: 0.05, per: 48h}`,
    ),
  };
}

/** Applications to departments that admit 20 and 70 %: the departments that women choose change half way; or, beside it, one department begins to turn women away. */
function mixShift(seed: number, changed: boolean): Table {
  const random = seeded(seed + 4_000);
  const rows = Array.from({ length: 6000 }, (_, i) => {
    const sex = random() < 0.5 ? 'f' : 'm';
    const hard = random() < (sex === 'f' ? (i < 2000 ? 0.3 : 0.6) : 0.3);
    const turned = changed && i >= 2000 && sex === 'f' && !hard;
    return `${hard ? 'physics' : 'arts'},${sex},${random() < (hard ? 0.2 : turned ? 0.2 : 0.7) ? 1 : 0}`;
  });
  return {
    name: 'mix-shift',
    file: 'admissions.csv',
    csv: `department,sex,admitted\r\n${rows.join('\r\n')}`,
    mapping: `${HEAD}time: {row: filtered, perBucket: 100}\nmodel: {value: admissions}\nfeatures: {department: department}\ngroup: {sex: sex}\noutput: {values: {admitted: {column: admitted, map: {"1": true, "0": false}}}}\n`,
    guardrail: guardrail(
      'equal-admission',
      `every: 1m, groupBy: [model], mode: iid, maxSeries: 1, test: {rateGap: {attribute: sex, of: "output.values.admitted == true", ratio: 0.8, strata: [features.department]}}, promise: {falseAlarms: 0.05, per: 60m}`,
    ),
  };
}

/** Every kind of table. */
export const TABLES = [credit, repayment, churn, medical, latency, mixShift];
