import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CallEnd } from '@guardspan/policy/runtime';
import type { Patch } from '../../src/loader/patch.js';
import { declareModel } from '../../src/models/onnx/declared-models.js';
import { patchTfjs } from '../../src/models/tfjs/patch-tfjs.js';
import { allow, FakeRuntime } from '../support/fake-runtime.js';

// The real TensorFlow.js is too large for this tree: `test/fixtures/tfjs` asks it. What is not seen from outside is here.

class Tensor {
  isDisposed = false;
  kept = false;
  reads = 0;
  constructor(readonly values: number[]) {}
  get size(): number {
    return this.values.length;
  }
  dataSync(): number[] {
    if (this.isDisposed) throw new Error('Tensor is disposed.');
    this.reads += 1;
    return this.values;
  }
  dispose(): void {
    this.isDisposed = true;
  }
}

/** New classes for each test, because a patch is of a class. */
function library(): ReturnType<typeof made> {
  return made();
}
function made() {
  class GraphModel {
    inputNodes = ['x', 'y'];
    outputNodes = ['score', 'label'];
    weights = {};
    answer: (x: unknown) => unknown = () => [new Tensor([0.5]), new Tensor([1])];
    constructor(readonly modelUrl: unknown) {}
    predict(x: unknown): unknown {
      return this.execute(x, this.outputNodes);
    }
    execute(x: unknown, _outputs?: unknown): unknown {
      return this.answer(x);
    }
    async executeAsync(x: unknown, _outputs?: unknown): Promise<unknown> {
      return Promise.resolve(this.answer(x));
    }
  }
  return { GraphModel };
}

const end: CallEnd = {
  ...{
    kind: 'deny',
    guardrail: 'g',
    verdict: 'v',
    status: 403,
    retryAfter: 0,
    guidance: '',
    message: 'No',
    fallback: '',
  },
};
let fake: FakeRuntime;
let patch: Patch | null;
let tf: ReturnType<typeof library>;
beforeEach(() => {
  fake = new FakeRuntime();
  tf = library();
  patch = patchTfjs(tf, '4.22.0', fake);
});
afterEach(() => patch?.undo());

const refuseAnswers = (): void => {
  fake.atResponse = () => allow({ action: 'deny', end });
};

describe('TensorFlow.js, patched', () => {
  it('reads named inputs and outputs, one call for the methods that ask each other', () => {
    const model = new tf.GraphModel('file://models/credit-risk/model.json');
    model.predict({ x: new Tensor([1]), y: new Tensor([2, 3]) });
    expect(fake.calls).toHaveLength(1);
    const [call] = fake.calls;
    expect(call?.start).toMatchObject({
      ...{ client: 'tfjs', operation: 'predict', awaits: false, features: { x: 1, y: [2, 3] } },
      model: { name: 'credit-risk', version: '', framework: 'tfjs' },
    });
    expect(call?.answers[0]?.output).toEqual({ label: '1', score: 0.5, values: { score: 0.5, label: 1 } });
    expect(call?.ended).toBe(1);
  });

  it('reads nothing that nobody asks for, and no large tensor', () => {
    const model = new tf.GraphModel('');
    const [x, y] = [new Tensor([1]), new Tensor(Array(65).fill(0) as number[])];
    const answer = new Tensor([1, 2]);
    model.answer = () => answer;
    model.predict([x, y]);
    expect([x.reads, y.reads]).toEqual([1, 0]);
    fake.captured = { features: 'none', outputs: 'none' };
    model.predict([x, y]);
    expect([x.reads, y.reads, answer.reads]).toEqual([1, 0, 1]);
    expect(fake.calls[1]?.start.features).toBeUndefined();
  });

  it('names outputs as the call names them', () => {
    const model = new tf.GraphModel('');
    model.answer = () => new Tensor([0.25]);
    model.execute(new Tensor([1]), 'margin');
    expect(fake.calls[0]?.answers[0]?.output).toEqual({ values: { margin: 0.25 } });
  });

  it.each(['./models/risk/model.json', 'file://./models/risk/model.json'])(
    'finds the declaration of %s',
    (declared) => {
      declareModel(declared, { name: 'risk', version: '3', features: ['age', 'income'] });
      new tf.GraphModel('file://./models/risk/model.json').execute(new Tensor([30, 2]));
      expect(fake.calls[0]?.start).toMatchObject({
        model: { name: 'risk', version: '3' },
        features: { age: 30, income: 2 },
      });
    },
  );

  it('disposes a refused answer, and nothing that belongs to somebody else', () => {
    refuseAnswers();
    const model = new tf.GraphModel('');
    const [own, kept, weight, input] = [new Tensor([1]), new Tensor([2]), new Tensor([3]), new Tensor([4])];
    kept.kept = true;
    model.weights = { w: [weight] };
    model.answer = () => [own, kept, weight, input];
    expect(() => model.execute({ x: input })).toThrow(expect.objectContaining({ code: 'GUARDSPAN_DENIED' }));
    expect([own, kept, weight, input].map(({ isDisposed }) => isDisposed)).toEqual([true, false, false, false]);
  });

  it("leaves an answer alone that goes out, and one that is somebody else's error", async () => {
    const model = new tf.GraphModel('');
    const answer = (await model.executeAsync(new Tensor([1]))) as Tensor[];
    expect(answer.map(({ isDisposed }) => isDisposed)).toEqual([false, false]);
    model.answer = () => {
      throw new Error('no such node');
    };
    expect(() => model.execute(new Tensor([1]))).toThrow('no such node');
    expect(fake.calls[1]?.failures).toHaveLength(1);
  });

  it('throws where the method answers with a value, and rejects where it promises', async () => {
    fake.atRequest = () => allow({ action: 'deny', end });
    const model = new tf.GraphModel('');
    expect(() => model.predict(new Tensor([1]))).toThrow(expect.objectContaining({ code: 'GUARDSPAN_DENIED' }));
    const promised = model.executeAsync(new Tensor([1]));
    await expect(promised).rejects.toMatchObject({ code: 'GUARDSPAN_DENIED' });
    expect(fake.calls.map(({ start }) => start.awaits)).toEqual([false, true]);
  });

  it('asks a target model by the same method, and a function with the same arguments', () => {
    fake.atRequest = () =>
      allow({ action: 'reroute', reroute: { guardrail: 'g', to: 'previous', verdict: 'v' } as never });
    const previous = new tf.GraphModel('previous.json');
    previous.answer = () => new Tensor([7]);
    fake.declareTarget({ name: 'previous', client: previous });
    const model = new tf.GraphModel('');
    expect(model.execute(new Tensor([1]))).toMatchObject({ values: [7] });
    expect(fake.calls[0]?.rerouted).toMatchObject([{ to: 'previous', model: { name: 'previous' } }]);
    fake.declareTarget({ name: 'previous', run: (...args: unknown[]) => args });
    expect(model.execute('x', 'y')).toEqual(['x', 'y']);
  });

  it('finds the class of SavedModels at the first that is loaded', async () => {
    class TFSavedModel {
      predict(x: unknown): unknown {
        return x;
      }
    }
    const node = { loadSavedModel: () => Promise.resolve(new TFSavedModel()) };
    const patched = patchTfjs({ ...library(), node }, '4.22.0', fake);
    const model = await (node.loadSavedModel as (path: string) => Promise<TFSavedModel>)('./models/fraud');
    model.predict(new Tensor([1]));
    expect(fake.calls[0]?.start.model.name).toBe('fraud');
    patched?.undo();
    model.predict(new Tensor([1]));
    expect(fake.calls).toHaveLength(1);
  });

  it('is patched once, whichever package hands its classes out, and finds nothing in what has none', () => {
    expect(fake.sites).toHaveLength(1);
    expect(patchTfjs({ default: tf }, '', fake)).not.toBeNull();
    expect(fake.sites).toHaveLength(1);
    new tf.GraphModel('').execute(new Tensor([1]));
    expect(fake.calls).toHaveLength(1);
    expect(patchTfjs({ LayersModel: function LayersModel() {} }, '', fake)).toBeNull();
  });
});
