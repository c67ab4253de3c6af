/** Seconds before and after a verdict in which its calls are looked for: windows reach back, spans come late. */
const AROUND = 3600;

/** Link into Explore (schema 1 of its URL) for one trace, around the time of the verdict. Times in seconds from epoch. */
export function exploreTrace(uid: string, traceId: string, firstAt: number, lastAt: number): string {
  const panes = {
    guardspan: {
      datasource: uid,
      queries: [{ refId: 'A', datasource: { uid }, queryType: 'traceql', query: traceId }],
      range: {
        from: String(Math.floor((firstAt - AROUND) * 1000)),
        to: String(Math.ceil((Math.max(firstAt, lastAt) + AROUND) * 1000)),
      },
    },
  };
  return `/explore?schemaVersion=1&panes=${encodeURIComponent(JSON.stringify(panes))}`;
}
