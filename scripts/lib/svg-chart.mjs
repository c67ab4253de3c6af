/** Look of all charts, light and dark; the same colours as the other pictures of the documentation. */
const STYLE = `
    text { font-family: ui-sans-serif, system-ui, -apple-system, 'Segoe UI', Helvetica, Arial, sans-serif; fill: #1f2733; font-size: 15px }
    .small { font-size: 13px; fill: #55606e }
    .head { font-weight: 600; font-size: 16px }
    .ground { fill: #ffffff }
    .axis { stroke: #9aa5b1; stroke-width: 1 }
    .limit { stroke: #b4480f; stroke-width: 1.5; stroke-dasharray: 6 4 }
    .change { stroke: #55606e; stroke-width: 1.5; stroke-dasharray: 2 4 }
    .line { fill: none; stroke: #2f6fd0; stroke-width: 1.75 }
    .alarm { fill: #c62828 }
    .cell { font-size: 13px; text-anchor: middle }
    .right { text-anchor: end }
    .middle { text-anchor: middle }
    .good { fill: #e7f1ff }
    .bad { fill: #f6c9bd }
    @media (prefers-color-scheme: dark) {
      text { fill: #e4e9ef }
      .small { fill: #a3aebb }
      .ground { fill: #0d1117 }
      .axis { stroke: #56616d }
      .limit { stroke: #ff9d66 }
      .change { stroke: #a3aebb }
      .line { stroke: #6aa5ff }
      .alarm { fill: #ff6b6b }
      .good { fill: #10294d }
      .bad { fill: #6b2418 }
    }
  `;

const number = (value) => String(Math.round(value * 10) / 10);

/** Escapes text for XML. */
function text(value) {
  return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** A whole picture: title and description are read by screen readers. */
export function picture({ width, height, title, description, body }) {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="title desc">
  <title id="title">${text(title)}</title>
  <desc id="desc">${text(description)}</desc>
  <style>${STYLE}</style>
  <rect class="ground" width="${width}" height="${height}"/>
${body.map((line) => `  ${line}`).join('\n')}
</svg>
`;
}

/** Words at a place. */
export function label(x, y, words, classes = '') {
  return `<text x="${number(x)}" y="${number(y)}"${classes === '' ? '' : ` class="${classes}"`}>${text(words)}</text>`;
}

/**
 * A curve over an area of the picture, with its axis, a limit line and marks where something fired.
 *
 * @param area {x, y, width, height} in units of the picture
 * @param values one for each step; NaN leaves a gap
 * @param ticks [value, words] at the left
 */
export function curve({ area, values, low, high, limit, ticks, marks = [], change = -1 }) {
  const px = (index) => area.x + (index / Math.max(1, values.length - 1)) * area.width;
  const py = (value) => area.y + area.height * (1 - (Math.min(high, Math.max(low, value)) - low) / (high - low));
  const line = (name, x1, y1, x2, y2) =>
    `<line class="${name}" x1="${number(x1)}" y1="${number(y1)}" x2="${number(x2)}" y2="${number(y2)}"/>`;
  let path = '';
  values.forEach((value, index) => {
    if (Number.isNaN(value)) return;
    path += `${path === '' || Number.isNaN(values[index - 1]) ? 'M' : 'L'}${number(px(index))} ${number(py(value))}`;
  });
  const right = area.x + area.width;
  return [
    line('axis', area.x, area.y + area.height, right, area.y + area.height),
    line('axis', area.x, area.y, area.x, area.y + area.height),
    ...ticks.map(([value, words]) => label(area.x - 8, py(value) + 4, words, 'small right')),
    ...(change >= 0 ? [line('change', px(change), area.y, px(change), area.y + area.height)] : []),
    `<path class="line" d="${path}"/>`,
    line('limit', area.x, py(limit), right, py(limit)),
    ...marks.map(
      (index) => `<circle class="alarm" cx="${number(px(index))}" cy="${number(py(values[index]))}" r="3.5"/>`,
    ),
  ];
}
