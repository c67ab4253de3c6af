import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import React from 'react';
import type { GuardrailView, Published } from '../../../api/answers';
import { PLUGIN_ID } from '../../../constants';
import { EvaluatorServer, problem, recorded, type FakeAnswer } from '../../../test/evaluatorServer';
import { renderPage } from '../../../test/renderPage';
import GuardrailPage from '../GuardrailPage';

const published = recorded<Published>('putGuardrail');
const view = published.guardrail as GuardrailView;
const path = `guardrails/${view.name}`;
const reworded = view.source.replace('No answer that shouts.', 'No answer in capitals.');
let server: EvaluatorServer;
beforeEach(() => {
  localStorage.clear();
  server = new EvaluatorServer().on('GET', path, { status: 200, body: view });
});

const open = (may: Array<'read' | 'write' | 'approve'> = ['read', 'write', 'approve']) =>
  renderPage(<GuardrailPage />, { route: 'guardrails/:name', at: `${path}?view=document`, may });
const textOf = () => screen.findByLabelText<HTMLTextAreaElement>('Text of the document');
const write = async (text: string) => fireEvent.change(await textOf(), { target: { value: text } });
const saveButton = () => screen.findByRole('button', { name: 'Save…' });
/** What the evaluator says to a dry run, and to a save. */
const answerPut = (save: FakeAnswer, trial: FakeAnswer = { status: 200, body: { ...published, outcome: 'valid' } }) =>
  server.on('PUT', path, ({ query }) => (query['dryRun'] === true ? trial : save));
/** Opens the dialog, says why, and saves. */
const save = async (user: ReturnType<typeof open>['user'], why = 'people asked for it') => {
  await user.click(await saveButton());
  const dialog = await screen.findByRole('dialog');
  await user.type(within(dialog).getByLabelText(/Why/), why);
  await user.click(within(dialog).getByRole('button', { name: 'Save' }));
};
const saves = () => server.requests.filter(({ method, query }) => method === 'PUT' && query['dryRun'] !== true);

describe('while a document is typed', () => {
  it('names what is wrong, where, and how to mend it, and does not save it', async () => {
    const { user } = open();
    await write(view.source.replace('mode: warn', 'mood: warn'));
    expect(await screen.findByText(/Line \d+, column \d+.*mood/)).toBeInTheDocument();
    await user.hover(await saveButton());
    expect(await screen.findByText('Mend what is wrong first.')).toBeInTheDocument();
  });

  it('runs its tests, and does not save what fails them', async () => {
    const { user } = open();
    await write(view.source.replace('> 0.9', '> 0.99'));
    await user.click(await screen.findByRole('tab', { name: /Tests: 1 failed/ }));
    const row = screen.getByRole('row', { name: /failed loud/ });
    expect(row).toHaveTextContent('expected annotate, got allow');
    await waitFor(async () => expect(await saveButton()).toHaveAttribute('aria-disabled', 'true'));
  });

  it('shows what is changed', async () => {
    open();
    await write(reworded);
    const diff = await screen.findByRole('region', { name: 'What is changed' });
    expect(within(diff).getByText(/No answer in capitals/)).toBeInTheDocument();
    expect(within(diff).getByText(/No answer that shouts/)).toBeInTheDocument();
  });
});

describe('the form and the text', () => {
  it('are one: a change in one shows in the other, and comments stay', async () => {
    const { user } = open();
    await write(view.source.replace('models: [chat]', 'models: [chat, "search"]'));
    await user.click(screen.getByRole('radio', { name: 'Form' }));
    expect(screen.getByLabelText('Models')).toHaveValue('chat, search');
    const owner = screen.getByLabelText('Owner');
    await user.clear(owner);
    await user.type(owner, 'risk team');
    await user.click(screen.getByRole('radio', { name: 'YAML' }));
    const { value } = await textOf();
    expect(value).toContain('owner: risk team');
    expect(value).toContain('# A score of another model.');
    expect(value).toContain('models: [chat, "search"]');
  });

  it('say beside the ladder of modes what the guard-rail would have done, and about how much a share of it is', async () => {
    const items = [
      { start: 10, calls: 400, counts: { would_act: 30 } },
      { start: 20, calls: 200, counts: { would_act: 10, allow: 5 } },
    ];
    server.on('GET', 'dispositions', { status: 200, body: { step: 10, since: 0, items } });
    const { user } = open();
    await user.click(await screen.findByRole('radio', { name: 'Form' }));
    const says = /of 600 guarded calls: it acted on 0, and would have acted on 40 more/;
    expect(await screen.findByText(says)).toBeInTheDocument();
    await user.click(screen.getByRole('radio', { name: 'enforce' }));
    await user.click(await screen.findByRole('radio', { name: '10 %' }));
    expect(await screen.findByText(/With 10 % it acts on about 4 of these in an hour/)).toBeInTheDocument();
    // An inline guard-rail has no verdicts that people judge.
    expect(server.requests.some(({ path: asked }) => asked.endsWith('/precision'))).toBe(false);
  });

  it('have the action with its parameters: a rewrite by a text, or by a rewriter', async () => {
    const { user } = open();
    await user.click(await screen.findByRole('radio', { name: 'Form' }));
    await user.click(screen.getByLabelText('Action'));
    await user.click(await screen.findByRole('option', { name: 'rewrite' }));
    const text = screen.getByLabelText(/^New text/);
    expect(text).toHaveValue('I cannot say that.');
    await user.clear(text);
    await user.type(screen.getByLabelText(/^Rewriter/), 'formal-tone');
    await user.type(screen.getByLabelText(/^The rewriter may take/), '200ms');
    await user.click(screen.getByRole('radio', { name: 'YAML' }));
    const { value } = await textOf();
    expect(value).toMatch(/rewrite:/);
    expect(value).toMatch(/by: formal-tone/);
    expect(value).toMatch(/deadline: 200ms/);
    expect(value).not.toContain('I cannot say that.');
  });

  it('climb the ladder of modes with a share of calls', async () => {
    const { user } = open();
    await user.click(await screen.findByRole('radio', { name: 'Form' }));
    await user.click(screen.getByRole('radio', { name: 'enforce' }));
    await user.click(await screen.findByRole('radio', { name: '10 %' }));
    await user.click(screen.getByRole('radio', { name: 'YAML' }));
    const { value } = await textOf();
    expect(value).toContain('mode: enforce');
    expect(value).toMatch(/rollout:\s*(\{ by: tenant, percent: 10 \}|\n\s+by: tenant\n\s+percent: 10)/);
  });

  it('names a problem beside its field', async () => {
    const { user } = open();
    await user.click(await screen.findByRole('radio', { name: 'Form' }));
    const when = screen.getByLabelText(/^It acts when/);
    await user.clear(when);
    await user.type(when, 'output.score >');
    expect(await screen.findByText(/Line \d+/)).toBeInTheDocument();
    expect(when).toHaveAccessibleDescription(/./);
    expect(when).toHaveValue('output.score >');
  });

  it('say so when the text is no YAML', async () => {
    const { user } = open();
    await write('spec: [');
    await user.click(screen.getByRole('radio', { name: 'Form' }));
    expect(await screen.findByText('The text cannot be shown as a form')).toBeInTheDocument();
  });
});

describe('a save', () => {
  it('says what it means, asks why, and sends both with the revision that was read', async () => {
    answerPut({ status: 200, body: published });
    const { user } = open();
    await write(reworded);
    await user.click(await saveButton());
    const dialog = await screen.findByRole('dialog');
    expect(within(dialog).getByText('spec.description')).toBeInTheDocument();
    expect(within(dialog).getByRole('button', { name: 'Save' })).toHaveAttribute('aria-disabled', 'true');
    await user.type(within(dialog).getByLabelText(/Why/), 'it is clearer');
    await user.click(within(dialog).getByRole('button', { name: 'Save' }));
    expect(await screen.findByText('It is in force')).toBeInTheDocument();
    expect(saves()).toMatchObject([
      {
        ...{ access: 'write', body: reworded, query: { why: 'it is clearer' } },
        headers: { 'If-Match': `"${view.revision}"`, 'Content-Type': 'application/yaml' },
      },
    ]);
    expect(Object.keys(localStorage)).toEqual([]);
  });

  it('says beforehand that a second person is needed, and afterwards that it waits', async () => {
    const warnings = ['It will need an approver: it raises the mode to enforce.'];
    answerPut(
      { status: 202, body: { ...published, outcome: 'proposed' } },
      { status: 200, body: { ...published, outcome: 'valid', warnings } },
    );
    const { user } = open();
    await write(view.source.replace('mode: warn', 'mode: enforce'));
    await user.click(await saveButton());
    expect(await screen.findByText(warnings[0]!)).toBeInTheDocument();
    await user.type(within(screen.getByRole('dialog')).getByLabelText(/Why/), 'ready');
    await user.click(screen.getByRole('button', { name: 'Save' }));
    expect(await screen.findByText('It waits for a second person')).toBeInTheDocument();
    expect(await textOf()).toHaveValue(view.source);
  });

  it('publishes for the others when processes that cannot load it are named and the user says so', async () => {
    const incompatible = [{ service: 'shop', instance: 'i1', code: 'X', message: 'unknown target' }];
    answerPut(
      { status: 200, body: published },
      { status: 200, body: { ...published, outcome: 'valid', incompatible } },
    );
    const { user } = open();
    await write(reworded);
    await user.click(await saveButton());
    expect(await screen.findByText(/shop\/i1 \(unknown target\)/)).toBeInTheDocument();
    await user.click(screen.getByLabelText(/Publish for the others/));
    await user.type(within(screen.getByRole('dialog')).getByLabelText(/Why/), 'they go soon');
    await user.click(screen.getByRole('button', { name: 'Save' }));
    await screen.findByText('It is in force');
    expect(saves()).toMatchObject([{ query: { allowPartial: true } }]);
  });

  it.each<[string, FakeAnswer, RegExp]>([
    ['an evaluator that is down', { status: 502, body: undefined }, /cannot be reached/],
    [
      'a token that is not known',
      problem(401, 'GUARDSPAN_UNAUTHENTICATED', 'Unknown token.'),
      /does not know the token/,
    ],
    ['a role that is too low', problem(403, 'GUARDSPAN_FORBIDDEN', 'Needs editor.'), /does not allow this/],
    [
      'a guard-rail that can act nowhere',
      problem(409, 'GUARDSPAN_INERT', 'It can act nowhere: none.'),
      /as things are/,
    ],
    ['a fault', problem(500, 'GUARDSPAN_INTERNAL', 'A fault.'), /Something failed/],
  ])('that fails because of %s keeps the text, also over a reload', async (_, answer, title) => {
    answerPut(answer);
    const { user, unmount } = open();
    await write(reworded);
    await save(user);
    expect(await screen.findByText(title)).toBeInTheDocument();
    await user.click(screen.getByRole('button', { name: 'Back' }));
    expect(await textOf()).toHaveValue(reworded);
    unmount();
    open();
    expect(await screen.findByText(/Your edit of .* is back/)).toBeInTheDocument();
    expect(await textOf()).toHaveValue(reworded);
  });

  it('is disabled with the missing permission', async () => {
    const { user } = open(['read']);
    await write(reworded);
    await user.hover(await saveButton());
    expect(await screen.findByText(new RegExp(`${PLUGIN_ID}.guardrails:write`))).toBeInTheDocument();
  });
});

describe('two people who change the same document', () => {
  const theirs: GuardrailView = {
    ...view,
    ...{ revision: 'f'.repeat(64), author: 'grafana:carl', why: 'typo' },
    source: view.source.replace('that shouts', 'that shouts!'),
  };
  /** Somebody else saved before: what was read is not in force any more. */
  const overtaken = async () => {
    const rendered = open();
    await write(reworded);
    server.on('GET', path, { status: 200, body: theirs });
    answerPut(problem(412, 'GUARDSPAN_PRECONDITION', `polite is at revision ${theirs.revision}.`), {
      status: 200,
      body: { ...published, outcome: 'valid' },
    });
    await save(rendered.user);
    expect(await screen.findByText('grafana:carl changed it meanwhile')).toBeInTheDocument();
    return rendered;
  };

  it('are shown both changes', async () => {
    const { user } = await overtaken();
    const both = screen.getByRole('region', { name: 'From theirs to yours' });
    expect(within(both).getByText(/that shouts!/)).toBeInTheDocument();
    expect(within(both).getByText(/in capitals/)).toBeInTheDocument();
    await user.click(screen.getByRole('radio', { name: 'What they changed' }));
    const changed = screen.getByRole('region', { name: 'What they changed' });
    expect(within(changed).queryByText(/in capitals/)).not.toBeInTheDocument();
    expect(await saveButton()).toHaveAttribute('aria-disabled', 'true');
  });

  it('take theirs', async () => {
    const { user } = await overtaken();
    await user.click(screen.getByRole('button', { name: 'Take theirs' }));
    expect(await textOf()).toHaveValue(theirs.source);
    expect(Object.keys(localStorage)).toEqual([]);
  });

  it('keep mine, as a change of theirs and with a reason', async () => {
    const { user } = await overtaken();
    answerPut({ status: 200, body: published });
    await user.click(screen.getByRole('button', { name: 'Keep mine' }));
    const dialog = await screen.findByRole('dialog');
    await user.type(within(dialog).getByLabelText(/Why/), 'mine is better');
    await user.click(within(dialog).getByRole('button', { name: 'Save' }));
    await screen.findByText('It is in force');
    expect(saves().at(-1)).toMatchObject({ body: reworded, headers: { 'If-Match': `"${theirs.revision}"` } });
  });

  it('edit on, against theirs', async () => {
    const { user } = await overtaken();
    await user.click(screen.getByRole('button', { name: 'Edit on' }));
    expect(await textOf()).toHaveValue(reworded);
    const diff = await screen.findByRole('region', { name: 'What is changed' });
    expect(within(diff).getByText(/that shouts!/)).toBeInTheDocument();
    await waitFor(async () => expect(await saveButton()).not.toHaveAttribute('aria-disabled', 'true'));
  });
});

it('follows what is in force while nothing is changed', async () => {
  const { client } = open();
  expect(await textOf()).toHaveValue(view.source);
  const next = { ...view, revision: 'e'.repeat(64), source: reworded };
  server.on('GET', path, { status: 200, body: next });
  await client.invalidateQueries({ queryKey: ['guardrails'] });
  await waitFor(async () => expect(await textOf()).toHaveValue(reworded));
});

describe('a document that git owns', () => {
  it('is changed here in an emergency, with a reason and an end', async () => {
    const source = view.source.replace('managedBy: ui', 'managedBy: git');
    server.on('GET', path, { status: 200, body: { ...view, source } });
    answerPut({ status: 200, body: published });
    const { user } = open();
    await write(source.replace('mode: warn', 'mode: off'));
    await user.click(await screen.findByRole('button', { name: 'Change it now, in an emergency…' }));
    const dialog = await screen.findByRole('dialog');
    await user.click(within(dialog).getByRole('radio', { name: '4 hours' }));
    await user.type(within(dialog).getByLabelText(/Why/), 'it refuses everything');
    await user.click(within(dialog).getByRole('button', { name: 'Save' }));
    await screen.findByText('It is in force');
    expect(saves()).toMatchObject([{ query: { breakGlass: 14_400, why: 'it refuses everything' } }]);
  });

  it('is not saved here: its change leaves as a patch', async () => {
    const source = view.source.replace('managedBy: ui', 'managedBy: git');
    server.on('GET', path, { status: 200, body: { ...view, source } });
    Object.defineProperty(window, 'isSecureContext', { value: true });
    const { user } = open();
    expect(await screen.findByText('It is kept in git')).toBeInTheDocument();
    expect(screen.queryByRole('button', { name: 'Save…' })).not.toBeInTheDocument();
    await write(source.replace('No answer that shouts.', 'No answer in capitals.'));
    await waitFor(() => expect(screen.getByRole('button', { name: 'Copy the patch' })).toBeEnabled());
    await user.click(screen.getByRole('button', { name: 'Copy the patch' }));
    const patch = await navigator.clipboard.readText();
    expect(patch).toMatch(/^--- a\/polite\.yaml\n\+\+\+ b\/polite\.yaml\n@@/);
    expect(patch).toContain('+  description: No answer in capitals.');
  });
});
