import { PanelBuilder, TextMode } from '@grafana/grafana-foundation-sdk/text';

/** A text in Markdown; variables of the dashboard are filled in. */
export function text(spec: {
  id: number;
  title: string;
  content: string;
  width: number;
  height: number;
}): PanelBuilder {
  return new PanelBuilder()
    .id(spec.id)
    .title(spec.title)
    .description('A text; it asks for no metric.')
    .span(spec.width)
    .height(spec.height)
    .mode(TextMode.Markdown)
    .content(spec.content);
}
