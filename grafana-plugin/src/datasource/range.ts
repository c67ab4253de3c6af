/** A span of time, seconds from epoch. */
export interface Span {
  from: number;
  to: number;
}
