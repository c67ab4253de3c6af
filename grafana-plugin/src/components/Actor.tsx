import React from 'react';

/** Digits that tell processes of one service apart; the whole id stands in the title. */
const DIGITS = 12;
const INSTANCE = /\/[^/]{17,}$/;

/** Who did something: a person as written, a process by its service and the beginning of its id. */
export function Actor({ name }: { name: string }) {
  const instance = INSTANCE.exec(name)?.[0];
  return instance === undefined ? (
    <>{name}</>
  ) : (
    <span title={name}>{name.slice(0, name.length - instance.length + 1 + DIGITS)}</span>
  );
}
