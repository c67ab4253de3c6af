import 'systemjs/dist/system';
import 'systemjs/dist/extras/amd';
import 'systemjs/dist/extras/named-register';
import * as emotionCss from '@emotion/css';
import * as emotionReact from '@emotion/react';
import * as grafanaData from '@grafana/data';
import * as grafanaRuntime from '@grafana/runtime';
import * as grafanaUi from '@grafana/ui';
import * as grafanaUiUnstable from '@grafana/ui/unstable';
import i18next from 'i18next';
import jquery from 'jquery';
import lodash from 'lodash';
// eslint-disable-next-line no-restricted-imports -- shared because plugins may import it; the host uses it nowhere.
import moment from 'moment';
import * as prismjs from 'prismjs';
import * as react from 'react';
import * as reactDom from 'react-dom';
import * as reactDomClient from 'react-dom/client';
import * as inlineSvg from 'react-inlinesvg';
import * as jsxRuntime from 'react/jsx-runtime';
import * as reactRedux from 'react-redux';
import * as reactRouterV5 from 'react-router-dom';
import * as reactRouterV6 from 'react-router-dom-v5-compat';
import * as redux from 'redux';
import * as rxjs from 'rxjs';
import * as rxjsOperators from 'rxjs/operators';

interface ModuleLoader {
  set(id: string, module: object): void;
  addImportMap(map: { imports: { [name: string]: string } }): void;
  import(id: string): Promise<{ [name: string]: unknown }>;
  constructor: { prototype: { shouldFetch(): boolean } };
}
declare const System: ModuleLoader;

/** CommonJS packages, whose users may ask for the default export or for names. */
const commonJs = (module: object) => ({ ...module, default: module, __useDefault: true });

/** What a plugin does not bring itself, under the names by which builds of plugins leave it out. */
const SHARED: { [name: string]: object } = {
  '@emotion/css': emotionCss,
  '@emotion/react': emotionReact,
  '@grafana/data': grafanaData,
  '@grafana/runtime': grafanaRuntime,
  '@grafana/ui': grafanaUi,
  '@grafana/ui/unstable': grafanaUiUnstable,
  emotion: emotionCss,
  i18next,
  jquery: commonJs(jquery),
  lodash: commonJs(lodash),
  moment: commonJs(moment),
  prismjs,
  react,
  'react-dom': reactDom,
  'react-dom/client': reactDomClient,
  'react-inlinesvg': inlineSvg,
  'react-redux': reactRedux,
  'react-router': reactRouterV6,
  'react-router-dom': reactRouterV5,
  'react/jsx-runtime': jsxRuntime,
  redux,
  rxjs,
  'rxjs/operators': rxjsOperators,
};

/** Makes the shared packages known to the module loader. Called once, before the first plugin. */
export function shareModules(): void {
  const imports: { [name: string]: string } = {};
  for (const [name, module] of Object.entries(SHARED)) {
    System.set(`package:${name}`, module);
    imports[name] = `package:${name}`;
  }
  System.addImportMap({ imports });
  // Fetch and evaluate, as Grafana does, instead of adding script elements.
  System.constructor.prototype.shouldFetch = () => true;
}

/** Loads a module by its path below Grafana's root, like `public/plugins/x/module.js`. */
export function importModule(path: string): Promise<{ [name: string]: unknown }> {
  return System.import(`${grafanaRuntime.config.appSubUrl}/${path}`);
}
