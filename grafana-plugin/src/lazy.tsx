import { LoadingPlaceholder } from '@grafana/ui';
import React, { Suspense, lazy, type ComponentType } from 'react';
import { PLUGIN_ID } from './constants';

/** Loads a part of the app after its texts. The plugins nested in the app use the texts of the app. */
export async function translated<T>(load: () => Promise<T>): Promise<T> {
  const { initPluginTranslations } = await import('@grafana/i18n');
  await initPluginTranslations(PLUGIN_ID);
  return load();
}

/** A component that is loaded when it is first shown: Grafana loads the files that name it with every page. */
export function later<P extends object>(load: () => Promise<{ default: ComponentType<P> }>): ComponentType<P> {
  const Loaded = lazy(() => translated(load)) as unknown as ComponentType<P>;
  return function Later(props: P) {
    return (
      <Suspense fallback={<LoadingPlaceholder text="" />}>
        <Loaded {...props} />
      </Suspense>
    );
  };
}

/**
 * Texts for what Grafana reads out of a module at once: a function that answers in English until the texts of the app are loaded.
 * Loading begins with the call; where it fails, English stays, and what `later` shows says why.
 */
export function textsOf(): (key: string, text: string) => string {
  let translate = (_key: string, text: string): string => text;
  translated(() => import('./i18n')).then(
    ({ t }) => (translate = t),
    () => undefined,
  );
  return (key, text) => translate(key, text);
}
