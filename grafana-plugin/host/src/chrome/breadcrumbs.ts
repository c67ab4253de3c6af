import { BehaviorSubject } from 'rxjs';

const subject = new BehaviorSubject('');

/** Titles of the page that is shown and of those above it, as one text. */
export const breadcrumbs = {
  current: subject.asObservable(),
  set: (titles: string): void => subject.next(titles),
};
