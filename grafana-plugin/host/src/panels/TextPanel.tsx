import { renderTextPanelMarkdown, type PanelProps } from '@grafana/data';

/** A text in Markdown, with variables filled in. */
export function TextPanel({ options, replaceVariables }: PanelProps<{ content?: string }>) {
  const html = renderTextPanelMarkdown(replaceVariables(options.content ?? '', {}, 'html'));
  return <div style={{ height: '100%', overflow: 'auto' }} dangerouslySetInnerHTML={{ __html: html }} />;
}
