import { declareModel, declareTarget, guardReady, withCallAttributes } from '@guardspan/instrumentation';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { openAppLink } from '../app-link.js';
import type { Application } from './berkeley-table.js';
import { applications, DEPARTMENTS } from './berkeley-table.js';
import {
  ADMIT_AT,
  BIASED_VERSION,
  featuresOf,
  HONEST_VERSION,
  MODEL_NAME,
  modelFile,
  PREVIOUS_VERSION,
} from './model-versions.js';

const SEED = 1973;
/** Applications that are decided at the same time. */
const PARALLEL = 8;
/** Milliseconds between two batches: the office works through the table in some seconds. */
const PAUSE_MS = 4;
/** The same after the scenario. Each rerouted call is kept in the audit, and a demonstration that is left running must not fill the disk. */
const REST_MS = 1000;
/** Milliseconds; a service does not stay down because nobody guards it. */
const READY_MS = 10_000;

const link = openAppLink();
const table = applications(SEED);
const sessions: Record<string, InferenceSession> = {};
let deployed = HONEST_VERSION;
let phase = 'honest';
let running = true;
let pauseMs = PAUSE_MS;

async function loadVersion(version: string): Promise<InferenceSession> {
  const session = await InferenceSession.create(modelFile(version));
  declareModel(session, {
    name: MODEL_NAME,
    version,
    kind: 'classifier',
    features: (feeds) => {
      const row = (feeds.applicant as Tensor).data as Float32Array;
      return { department: DEPARTMENTS[row.indexOf(1)]! };
    },
    output: (results) => {
      const score = Number((results.score as Tensor).data[0]);
      return { label: score >= ADMIT_AT ? 'admit' : 'reject', score };
    },
  });
  return session;
}

/** What a service would do for one application; the only line that knows of guard-rails says which group to measure by. */
async function decide(application: Application): Promise<boolean> {
  const feeds = { applicant: new Tensor('float32', featuresOf(application), [1, 8]) };
  const results = await withCallAttributes({ group: { sex: application.sex } }, () => sessions[deployed]!.run(feeds));
  return Number(results.score!.data[0]) >= ADMIT_AT;
}

async function decideOne(application: Application): Promise<boolean> {
  const asked = `${MODEL_NAME}/${deployed}`;
  const during = phase;
  const admitted = await decide(application);
  // The biased version never admits a member of the society; an answer that does comes from the version before.
  const honest = application.society === 1 && application.admitted && admitted;
  const answered = deployed === BIASED_VERSION && honest ? `${MODEL_NAME}/${HONEST_VERSION}` : asked;
  link.observe({ at: Date.now() / 1000, phase: during, asked, answered, error: '' });
  return admitted;
}

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, pauseMs));

async function work(): Promise<void> {
  let position = 0;
  let admitted = 0;
  let wrong = 0;
  let round = 0;
  while (running) {
    const batch = table.slice(position, position + PARALLEL);
    const answers = await Promise.all(batch.map(decideOne));
    if (round === 0) {
      admitted += answers.filter(Boolean).length;
      wrong += answers.filter((answer, index) => answer !== batch[index]!.admitted).length;
    }
    position += PARALLEL;
    if (position >= table.length) {
      if (round === 0) link.send({ type: 'table_done', admitted, decided: table.length, wrong });
      round += 1;
      position = 0;
      // The second version is deployed between two rounds only when the scenario says so; until then the office rests.
      while (running && deployed === HONEST_VERSION) await pause();
    }
    await pause();
  }
  link.close();
}

link.onCommand((command) => {
  if (command.type === 'phase') phase = command.name;
  else if (command.type === 'deploy') deployed = command.version;
  else if (command.type === 'rest') pauseMs = REST_MS;
  else running = false;
});
sessions[HONEST_VERSION] = await loadVersion(HONEST_VERSION);
sessions[BIASED_VERSION] = await loadVersion(BIASED_VERSION);
declareTarget({ name: PREVIOUS_VERSION, client: sessions[HONEST_VERSION] });
// Before it takes traffic: a call that is made earlier is on record as not guarded.
await guardReady(READY_MS);
link.send({ type: 'ready' });
await work();
