import type { CallValue, ModelCall } from '../call/model-call.js';

function text(value: CallValue | undefined): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** A function that reads one `groupBy` field of a call as text; unknown values are empty. */
export function scopeReader(field: string): (call: ModelCall) => string {
  switch (field) {
    case 'service':
      return (call) => call.service;
    case 'environment':
      return (call) => call.environment;
    case 'tenant':
      return (call) => call.tenant;
    case 'operation':
      return (call) => call.operation;
    case 'model':
      return (call) => call.model.name;
    case 'model_version':
      return (call) => call.model.version;
    case 'feature_view':
      return (call) => call.featureView.name;
    default:
      if (field.startsWith('features.')) {
        const name = field.slice('features.'.length);
        return (call) => text(call.features[name]);
      }
      if (field.startsWith('attrs.')) {
        const name = field.slice('attrs.'.length);
        return (call) => text(call.attrs[name]);
      }
      return () => '';
  }
}

/** The value of one `groupBy` field of a call. */
export function scopeValue(field: string, call: ModelCall): string {
  return scopeReader(field)(call);
}

/** True when every field of the directive's scope has the call's value. */
export function directiveMatches(
  directive: { readonly scope: { readonly [field: string]: string } },
  call: ModelCall,
): boolean {
  for (const field in directive.scope) {
    if (scopeValue(field, call) !== directive.scope[field]) return false;
  }
  return true;
}
