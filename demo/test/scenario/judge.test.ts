import { describe, expect, it } from 'vitest';
import type { Prompt } from '../../src/assistant/prompts.js';
import { PROMPTS } from '../../src/assistant/prompts.js';
import type { Observation } from '../../src/messages.js';
import type { Fault } from '../../src/scenario/faults.js';
import { createFault, explained, RECOVERY_LIMIT } from '../../src/scenario/faults.js';
import { actionSeen, createTally, judgeCall, judgePrompt } from '../../src/scenario/judge.js';

const FAULT = { phase: 'slow', model: 'large', action: 'reroute', guardrail: 'slow-model' } as const;
function fault(from: number, until: number): Fault {
  return { ...createFault(FAULT), from, until };
}
function call(over: Partial<Observation> = {}): Observation {
  return { at: 100, phase: 'normal', asked: 'large', answered: 'large', error: '', ...over };
}

describe('actionSeen', () => {
  it.each([
    ['nothing', call(), null],
    ['a reroute', call({ answered: 'small' }), 'reroute'],
    ['a throttle', call({ answered: '', error: 'GuardrailThrottledError' }), 'throttle'],
    ['a shutdown', call({ answered: '', error: 'GuardrailShutdownError' }), 'shutdown'],
    ["the model's own error", call({ answered: '', error: 'InternalServerError' }), null],
  ])('tells %s from outside', (_, observation, expected) => {
    expect(actionSeen(observation)).toBe(expected);
  });
});

describe('explained', () => {
  it.each([
    ['before the fault begins', 99, false],
    ['as it begins', 100, true],
    ['while recovery may last', 110 + RECOVERY_LIMIT, true],
    ['after that', 110.001 + RECOVERY_LIMIT, false],
  ])('%s', (_, at, expected) => {
    expect(explained([fault(100, 110)], 'large', 'reroute', at)).toBe(expected);
  });

  it('holds as long as the fault lasts', () => {
    expect(explained([fault(100, NaN)], 'large', 'reroute', 1e9)).toBe(true);
  });

  it('is about one model and one action', () => {
    expect(explained([fault(100, NaN)], 'other', 'reroute', 105)).toBe(false);
    expect(explained([fault(100, NaN)], 'large', 'shutdown', 105)).toBe(false);
  });

  it('never holds for a fault that has not begun', () => {
    expect(explained([createFault(FAULT)], 'large', 'reroute', 105)).toBe(false);
  });
});

describe('judgeCall', () => {
  it('counts an action inside its fault, and when it was first seen', () => {
    const tally = createTally();
    const faults = [fault(100, NaN)];
    for (const at of [101, 102, 103]) judgeCall(tally, faults, call({ at, answered: at === 101 ? 'large' : 'small' }));
    expect(tally).toMatchObject({ calls: 3, falseActions: 0, actions: { reroute: 2 } });
    expect(faults[0]!.firstAction).toBe(102);
  });

  it('counts an action without a cause as false, and says which', () => {
    const tally = createTally();
    judgeCall(tally, [fault(200, NaN)], call({ answered: 'small' }));
    expect(tally).toMatchObject({ calls: 1, falseActions: 1, falseExamples: ['reroute of large in phase normal'] });
  });

  it('counts every false action and keeps five examples', () => {
    const tally = createTally();
    for (let index = 0; index < 8; index++) judgeCall(tally, [], call({ answered: 'small' }));
    expect(tally.falseActions).toBe(8);
    expect(tally.falseExamples).toHaveLength(5);
  });
});

describe('judgePrompt', () => {
  const prompts: Prompt[] = [
    { text: 'How is the weather (today)?', personal: [] },
    { text: 'Mail a@example.com or call +1 415 555 0132.', personal: ['a@example.com', '+1 415 555 0132'] },
  ];
  function judge(received: string) {
    const tally = createTally();
    judgePrompt(tally, prompts, received);
    return [tally.leaks, tally.actions.redact, tally.falseActions];
  }

  it.each([
    ['a clean prompt that arrives as it is', 'How is the weather (today)?', [0, 0, 0]],
    ['a prompt whose personal data is replaced', 'Mail <email> or call <phone>.', [0, 1, 0]],
    ['a prompt that arrives with its personal data', prompts[1]!.text, [1, 0, 0]],
    ['a prompt of which one piece was missed', 'Mail <email> or call +1 415 555 0132.', [0, 0, 1]],
    ['a clean prompt that was changed', 'How is the <name> (today)?', [0, 0, 1]],
    ['a prompt of which more than the personal data was changed', '<name> <email> or call <phone>.', [0, 0, 1]],
    ['a system text in front', 'You help.\nMail <email> or call <phone>.', [0, 1, 0]],
  ])('%s: leaks, redactions, false actions', (_, received, expected) => {
    expect(judge(received)).toEqual(expected);
  });

  it('knows each prompt of the scenario, clean and redacted', () => {
    for (const { text, personal } of PROMPTS) {
      const tally = createTally();
      judgePrompt(
        tally,
        PROMPTS,
        personal.reduce((redacted, secret) => redacted.replace(secret, '<secret>'), text),
      );
      expect([tally.leaks, tally.actions.redact, tally.falseActions], text).toEqual([
        0,
        personal.length > 0 ? 1 : 0,
        0,
      ]);
    }
  });
});
