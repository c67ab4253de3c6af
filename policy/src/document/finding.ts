/** Something that is wrong with a document beyond its shape. `path` leads to the place in the document. */
export interface Finding {
  code: string;
  path: (string | number)[];
  message: string;
  hint: string;
  /** Offset into the string at `path`, for expressions. */
  offset?: number;
}
