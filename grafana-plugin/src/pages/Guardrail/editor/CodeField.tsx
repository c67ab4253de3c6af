import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { CodeEditor, useStyles2, type Monaco, type MonacoEditor } from '@grafana/ui';
import React, { useEffect, useLayoutEffect, useRef } from 'react';
import type { Problem } from '../../../api/failure';
import { completionsAt } from '../../../documents/complete';
import { t } from '../../../i18n';

/** Who says what is marked in the text. */
const OWNER = 'guardspan';
const HEIGHT = 480;

interface Props {
  text: string;
  onChange: (text: string) => void;
  problems: readonly Problem[];
  label: string;
}

/** The text of a document in Grafana's code editor: problems are marked where they are, the schema completes keys and values. */
export function CodeField({ text, onChange, problems, label }: Props) {
  const styles = useStyles2(getStyles);
  const mounted = useRef<{ editor: MonacoEditor; monaco: Monaco }>();
  const provider = useRef<{ dispose: () => void }>();
  // The editor keeps the handler that it was mounted with. It tells of a text that it is given in an effect of its own: by then the handler must be
  // the one that belongs to that text.
  const change = useRef(onChange);
  useLayoutEffect(() => {
    change.current = onChange;
  });
  useEffect(() => mark(mounted.current, problems), [problems]);
  return (
    <>
      <CodeEditor
        value={text}
        language="yaml"
        height={HEIGHT}
        showLineNumbers
        showMiniMap={false}
        monacoOptions={{ ariaLabel: label, scrollBeyondLastLine: false, quickSuggestions: true }}
        onChange={(next) => change.current(next)}
        onEditorDidMount={(editor, monaco) => {
          mounted.current = { editor, monaco };
          provider.current = completeIn(editor, monaco);
          mark(mounted.current, problems);
          // A text takes the Tab key, so people with a keyboard need another way out.
          editor.addCommand(
            monaco.KeyCode.Escape,
            () => (document.activeElement as HTMLElement | null)?.blur(),
            '!suggestWidgetVisible && !findWidgetVisible && !markersNavigationVisible',
          );
        }}
        onEditorWillUnmount={() => {
          provider.current?.dispose();
          mounted.current = undefined;
        }}
      />
      <p className={styles.hint}>
        {t(
          'editor.keys',
          'Ctrl+Space offers what may be written. Escape leaves the text, F8 goes to the next problem.',
        )}
      </p>
    </>
  );
}

function completeIn(editor: MonacoEditor, monaco: Monaco) {
  return monaco.languages.registerCompletionItemProvider('yaml', {
    provideCompletionItems: (model, position) => {
      if (model !== editor.getModel()) {
        return { suggestions: [] };
      }
      const word = model.getWordUntilPosition(position);
      const range = {
        ...{ startLineNumber: position.lineNumber, endLineNumber: position.lineNumber },
        ...{ startColumn: word.startColumn, endColumn: word.endColumn },
      };
      const { Property, EnumMember } = monaco.languages.CompletionItemKind;
      return {
        suggestions: completionsAt(model.getValue(), position.lineNumber, position.column).map((one) => ({
          ...{ label: one.label, insertText: one.insert, documentation: one.about, range },
          kind: one.kind === 'key' ? Property : EnumMember,
        })),
      };
    },
  });
}

function mark(mounted: { editor: MonacoEditor; monaco: Monaco } | undefined, problems: readonly Problem[]): void {
  const model = mounted?.editor.getModel();
  if (mounted === undefined || !model) {
    return;
  }
  const { monaco } = mounted;
  monaco.editor.setModelMarkers(
    model,
    OWNER,
    problems.map(({ code, message, hint, line, column }) => {
      const lineNumber = Math.min(Math.max(1, line), model.getLineCount());
      const word = model.getWordAtPosition({ lineNumber, column: Math.max(1, column) });
      return {
        ...{ code, message: hint === '' ? message : `${message}: ${hint}`, severity: monaco.MarkerSeverity.Error },
        ...{ startLineNumber: lineNumber, endLineNumber: lineNumber },
        ...{ startColumn: column, endColumn: word?.endColumn ?? model.getLineMaxColumn(lineNumber) },
      };
    }),
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  hint: css({ ...theme.typography.bodySmall, color: theme.colors.text.secondary, margin: theme.spacing(0.5, 0, 0) }),
});
