// Generated from evaluator/openapi/openapi.json by npm run generate.
export interface paths {
  '/api/v1/guardrails': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** List the guard-rails in force */
    get: operations['listGuardrails'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/guardrails/{name}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Read one guard-rail */
    get: operations['getGuardrail'];
    /** Create or change one guard-rail (YAML or JSON) */
    put: operations['putGuardrail'];
    post?: never;
    /** Delete one guard-rail */
    delete: operations['deleteGuardrail'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/guardrails/{name}/history': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Every version of one guard-rail, oldest first */
    get: operations['getGuardrailHistory'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/packs': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** List the packs in force */
    get: operations['listPacks'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/packs/{name}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Read one pack */
    get: operations['getPack'];
    /** Create or change one pack (YAML or JSON) */
    put: operations['putPack'];
    post?: never;
    /** Delete one pack */
    delete: operations['deletePack'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/packs/{name}/history': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Every version of one pack, oldest first */
    get: operations['getPackHistory'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/exceptions': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** List the exceptions in force */
    get: operations['listExceptions'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/exceptions/{name}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Read one exception */
    get: operations['getException'];
    /** Create or change one exception (YAML or JSON) */
    put: operations['putException'];
    post?: never;
    /** Delete one exception */
    delete: operations['deleteException'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/exceptions/{name}/history': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Every version of one exception, oldest first */
    get: operations['getExceptionHistory'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/guardrails/{name}/baseline': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Propose a new frozen baseline from the closed buckets of a series; an approver decides */
    post: operations['proposeBaseline'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/proposals': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Changes that wait for an approver */
    get: operations['listProposals'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/proposals/{collection}/{name}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** One waiting change beside what it would replace */
    get: operations['getProposal'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/proposals/{collection}/{name}/approve': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Bring a waiting change into force */
    post: operations['approveProposal'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/proposals/{collection}/{name}/reject': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Drop a waiting change, and say why; its author may do so too */
    post: operations['rejectProposal'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/verdicts': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Windowed verdicts, newest first */
    get: operations['listVerdicts'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/verdicts/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Read a verdict with its feedback */
    get: operations['getVerdict'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/verdicts/{id}/release': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** End the action of a verdict by hand */
    post: operations['releaseVerdict'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/feedback': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Judge a verdict: right, a false alarm, or unclear */
    post: operations['postFeedback'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/series': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** State and signals of each series */
    get: operations['listSeries'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/directives': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Active directives, and those that wait for a person */
    get: operations['listDirectives'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/directives/{verdictId}/approve': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Let an action be taken that waits */
    post: operations['approveDirective'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/directives/{verdictId}/reject': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Refuse an action that waits */
    post: operations['rejectDirective'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/guardrails/{name}/precision': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** How often people say that a guard-rail was right */
    get: operations['getPrecision'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/verdicts/{id}/explanation': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Evidence, effect, promise and likeliest causes of a verdict: as they are while it holds, as they were when it began afterwards */
    get: operations['explainVerdict'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/evidence': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The same for each series of guard-rails with a test, whatever its state */
    get: operations['listEvidence'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/models': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Versions of models that calls were received of */
    get: operations['listModels'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/models/guardrails': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Guard-rails that look at calls of a model or service */
    get: operations['listModelGuardrails'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/fleet': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Processes that are connected, and those that lately were */
    get: operations['listFleet'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/coverage': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Calls guarded of calls made */
    get: operations['getCoverage'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/dispositions': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** What came of verdicts in the last hour */
    get: operations['listDispositions'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/session': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Who the evaluator takes you for, and its version */
    get: operations['getSession'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/kill': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Stops of enforcement that hold */
    get: operations['listKillSwitches'];
    put?: never;
    /** Stop enforcement of a scope; an empty scope is everything */
    post: operations['engageKillSwitch'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/kill/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /** Enable enforcement again */
    delete: operations['liftKillSwitch'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/truths': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Outcomes that arrive after the call */
    post: operations['postTruths'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/groups': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Group labels that arrive after the call */
    post: operations['postGroups'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/alerts': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Alerts that last or ended within five minutes, and how the Alertmanagers take them */
    get: operations['listAlerts'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/webhooks': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Webhooks that wait, and dead letters, oldest first */
    get: operations['listWebhooks'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/webhooks/replay': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Send dead letters again */
    post: operations['replayWebhooks'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/audit': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Records of the hash-chained audit */
    get: operations['queryAudit'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/audit/export': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The audit as JSONL, oldest first */
    get: operations['exportAudit'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/events': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Server-sent events: what happens, as it happens */
    get: operations['streamEvents'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/openapi.json': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** This document */
    get: operations['getOpenApi'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
}
export type webhooks = Record<string, never>;
export interface components {
  schemas: {
    Problem: {
      type: string;
      title: string;
      status: number;
      detail: string;
      code: string;
      hint: string;
      errors: {
        code: string;
        message: string;
        line: number;
        column: number;
        path: string;
        hint: string;
      }[];
    };
  };
  responses: never;
  parameters: never;
  requestBodies: never;
  headers: never;
  pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
  listGuardrails: {
    parameters: {
      query?: {
        after?: string;
        limit?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Sorted by name. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: {
              name: string;
              revision: string;
              generation: number;
              author: string;
              approver: string;
              /** @description Seconds from epoch; 0 for none. */
              at: number;
              deleted: boolean;
              source: string;
              /** @description Why it was changed, in the words of its author; empty when none were given. */
              why: string;
              /** @description Set while the document differs from its repository by a break-glass edit. */
              breakGlass: {
                /** @description Revision that the repository asked for. */
                base: string;
                /** @description Seconds from epoch; 0 for none. */
                until: number;
              } | null;
              /** @description Why it can act nowhere, or null. */
              inert: string | null;
              guardrail: {
                /** @constant */
                kind: 'Guardrail';
                spec: {
                  /** @enum {string} */
                  mode: 'off' | 'dryrun' | 'warn' | 'enforce';
                } & {
                  [key: string]: unknown;
                };
              } & {
                [key: string]: unknown;
              };
            }[];
            /** @description Of the whole list, as it is now. */
            total: number;
            /** @description Ask with it as `after` for the next page; empty on the last. */
            next: string;
          };
        };
      };
      /** @description The query or the body is wrong. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The token is missing or unknown. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The role of the token is too low. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many wrong tokens. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description A fault of the evaluator. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The store takes no writes. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getGuardrail: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        name: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description With its ETag. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            name: string;
            revision: string;
            generation: number;
            author: string;
            approver: string;
            /** @description Seconds from epoch; 0 for none. */
            at: number;
            deleted: boolean;
            source: string;
            /** @description Why it was changed, in the words of its author; empty when none were given. */
            why: string;
            /** @description Set while the document differs from its repository by a break-glass edit. */
            breakGlass: {
              /** @description Revision that the repository asked for. */
              base: string;
              /** @description Seconds from epoch; 0 for none. */
              until: number;
            } | null;
            /** @description Why it can act nowhere, or null. */
            inert: string | null;
            guardrail: {
              /** @constant */
              kind: 'Guardrail';
              spec: {
                /** @enum {string} */
                mode: 'off' | 'dryrun' | 'warn' | 'enforce';
              } & {
                [key: string]: unknown;
              };
            } & {
              [key: string]: unknown;
            };
          };
        };
      };
      /** @description The token is missing or unknown. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The role of the token is too low. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description There is none. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many wrong tokens. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description A fault of the evaluator. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The store takes no writes. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  putGuardrail: {
    parameters: {
      query?: {
        dryRun?: 'true' | 'false';
        allowPartial?: 'true' | 'false';
        origin?: 'git' | 'ui';
        why?: string;
        breakGlass?: number;
      };
      header?: {
        /** @description ETag of the revision that is changed. */
        'if-match'?: string;
        /** @description `*`: it must not exist yet. */
        'if-none-match'?: string;
      };
      path: {
        name: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/yaml': string;
        'application/json': Record<string, never>;
        'text/plain': string;
      };
    };
    responses: {
      /** @description Changed, unchanged, or valid (dry run). */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            /** @enum {string} */
            outcome: 'created' | 'updated' | 'unchanged' | 'valid' | 'proposed' | 'deleted';
            incompatible: {
              service: string;
              instance: string;
              code: string;
              message: string;
            }[];
            warnings: string[];
            guardrail: {
              name: string;
              revision: string;
              generation: number;
              author: string;
              approver: string;
              /** @description Seconds from epoch; 0 for none. */
              at: number;
              deleted: boolean;
              source: string;
              /** @description Why it was changed, in the words of its author; empty when none were given. */
              why: string;
              /** @description Set while the document differs from its repository by a break-glass edit. */
              breakGlass: {
                /** @description Revision that the repository asked for. */
                base: string;
                /** @description Seconds from epoch; 0 for none. */
                until: number;
              } | null;
              /** @description Why it can act nowhere, or null. */
              inert: string | null;
              guardrail: {
                /** @constant */
                kind: 'Guardrail';
                spec: {
                  /** @enum {string} */
                  mode: 'off' | 'dryrun' | 'warn' | 'enforce';
                } & {
                  [key: string]: unknown;
                };
              } & {
                [key: string]: unknown;
              };
            };
          };
        };
      };
      /** @description Created. */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            /** @enum {string} */
            outcome: 'created' | 'updated' | 'unchanged' | 'valid' | 'proposed' | 'deleted';
            incompatible: {
              service: string;
              instance: string;
              code: string;
              message: string;
            }[];
            warnings: string[];
            guardrail: {
              name: string;
              revision: string;
              generation: number;
              author: string;
              approver: string;
              /** @description Seconds from epoch; 0 for none. */
              at: number;
              deleted: boolean;
              source: string;
              /** @description Why it was changed, in the words of its author; empty when none were given. */
              why: string;
              /** @description Set while the document differs from its repository by a break-glass edit. */
              breakGlass: {
                /** @description Revision that the repository asked for. */
                base: string;
                /** @description Seconds from epoch; 0 for none. */
                until: number;
              } | null;
              /** @description Why it can act nowhere, or null. */
              inert: string | null;
              guardrail: {
                /** @constant */
                kind: 'Guardrail';
                spec: {
                  /** @enum {string} */
                  mode: 'off' | 'dryrun' | 'warn' | 'enforce';
                } & {
                  [key: string]: unknown;
                };
              } & {
                [key: string]: unknown;
              };
            };
          };
        };
      };
      /** @description Waits for an approver who is not the author. */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            /** @enum {string} */
            outcome: 'created' | 'updated' | 'unchanged' | 'valid' | 'proposed' | 'deleted';
            incompatible: {
              service: string;
              instance: string;
              code: string;
              message: string;
            }[];
            warnings: string[];
            guardrail: {
              name: string;
              revision: string;
              generation: number;
              author: string;
              approver: string;
              /** @description Seconds from epoch; 0 for none. */
              at: number;
              deleted: boolean;
              source: string;
              /** @description Why it was changed, in the words of its author; empty when none were given. */
              why: string;
              /** @description Set while the document differs from its repository by a break-glass edit. */
              breakGlass: {
                /** @description Revision that the repository asked for. */
                base: string;
                /** @description Seconds from epoch; 0 for none. */
                until: number;
              } | null;
              /** @description Why it can act nowhere, or null. */
              inert: string | null;
              guardrail: {
                /** @constant */
                kind: 'Guardrail';
                spec: {
                  /** @enum {string} */
                  mode: 'off' | 'dryrun' | 'warn' | 'enforce';
                } & {
                  [key: string]: unknown;
                };
              } & {
                [key: string]: unknown;
              };
            };
          };
        };
      };
      /** @description The query or the body is wrong. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The token is missing or unknown. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The role of the token is too low. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Owned elsewhere, inert, not loadable by connected processes, or a change of somebody else waits. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description It changed meanwhile. */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body is too large. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The content type is not taken. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The document is wrong or one of its own tests fails; `errors` names each place. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description If-Match or If-None-Match is missing. */
      428: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many wrong tokens. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description A fault of the evaluator. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The store takes no writes. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  deleteGuardrail: {
    parameters: {
      query?: {
        origin?: 'git' | 'ui';
        why?: string;
      };
      header?: {
        /** @description ETag of the revision that is changed. */
        'if-match'?: string;
      };
      path: {
        name: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Waits for an approver who is not the author. */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            /** @enum {string} */
            outcome: 'created' | 'updated' | 'unchanged' | 'valid' | 'proposed' | 'deleted';
            incompatible: {
              service: string;
              instance: string;
              code: string;
              message: string;
            }[];
            warnings: string[];
            guardrail: {
              name: string;
              revision: string;
              generation: number;
              author: string;
              approver: string;
              /** @description Seconds from epoch; 0 for none. */
              at: number;
              deleted: boolean;
              source: string;
              /** @description Why it was changed, in the words of its author; empty when none were given. */
              why: string;
              /** @description Set while the document differs from its repository by a break-glass edit. */
              breakGlass: {
                /** @description Revision that the repository asked for. */
                base: string;
                /** @description Seconds from epoch; 0 for none. */
                until: number;
              } | null;
              /** @description Why it can act nowhere, or null. */
              inert: string | null;
              guardrail: {
                /** @constant */
                kind: 'Guardrail';
                spec: {
                  /** @enum {string} */
                  mode: 'off' | 'dryrun' | 'warn' | 'enforce';
                } & {
                  [key: string]: unknown;
                };
              } & {
                [key: string]: unknown;
              };
            };
          };
        };
      };
      /** @description Deleted; its history stays. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description The query or the body is wrong. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The token is missing or unknown. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The role of the token is too low. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description There is none. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Owned elsewhere, still in use, or a change of somebody else waits. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description It changed meanwhile. */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description If-Match is missing. */
      428: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many wrong tokens. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description A fault of the evaluator. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The store takes no writes. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getGuardrailHistory: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        name: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description With author and approver. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: {
              name: string;
              revision: string;
              generation: number;
              author: string;
              approver: string;
              /** @description Seconds from epoch; 0 for none. */
              at: number;
              deleted: boolean;
              source: string;
              /** @description Why it was changed, in the words of its author; empty when none were given. */
              why: string;
              /** @description Set while the document differs from its repository by a break-glass edit. */
              breakGlass: {
                /** @description Revision that the repository asked for. */
                base: string;
                /** @description Seconds from epoch; 0 for none. */
                until: number;
              } | null;
              /** @description Why it can act nowhere, or null. */
              inert: string | null;
              guardrail: {
                /** @constant */
                kind: 'Guardrail';
                spec: {
                  /** @enum {string} */
                  mode: 'off' | 'dryrun' | 'warn' | 'enforce';
                } & {
                  [key: string]: unknown;
                };
              } & {
                [key: string]: unknown;
              };
            }[];
          };
        };
      };
      /** @description The token is missing or unknown. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The role of the token is too low. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description There never was one. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many wrong tokens. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description A fault of the evaluator. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The store takes no writes. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listPacks: {
    parameters: {
      query?: {
        after?: string;
        limit?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Sorted by name. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: {
              name: string;
              revision: string;
              generation: number;
              author: string;
              approver: string;
              /** @description Seconds from epoch; 0 for none. */
              at: number;
              deleted: boolean;
              source: string;
              /** @description Why it was changed, in the words of its author; empty when none were given. */
              why: string;
              /** @description Set while the document differs from its repository by a break-glass edit. */
              breakGlass: {
                /** @description Revision that the repository asked for. */
                base: string;
                /** @description Seconds from epoch; 0 for none. */
                until: number;
              } | null;
              pack: {
                /** @constant */
                kind: 'DetectorPack';
                spec: {
                  entities: {
                    [key: string]: {
                      score: number;
                      maxLength: number;
                    } & {
                      [key: string]: unknown;
                    };
                  };
                } & {
                  [key: string]: unknown;
                };
              } & {
                [key: string]: unknown;
              };
            }[];
            /** @description Of the whole list, as it is now. */
            total: number;
            /** @description Ask with it as `after` for the next page; empty on the last. */
            next: string;
          };
        };
      };
      /** @description The query or the body is wrong. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The token is missing or unknown. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The role of the token is too low. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many wrong tokens. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description A fault of the evaluator. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The store takes no writes. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getPack: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        name: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description With its ETag. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            name: string;
            revision: string;
            generation: number;
            author: string;
            approver: string;
            /** @description Seconds from epoch; 0 for none. */
            at: number;
            deleted: boolean;
            source: string;
            /** @description Why it was changed, in the words of its author; empty when none were given. */
            why: string;
            /** @description Set while the document differs from its repository by a break-glass edit. */
            breakGlass: {
              /** @description Revision that the repository asked for. */
              base: string;
              /** @description Seconds from epoch; 0 for none. */
              until: number;
            } | null;
            pack: {
              /** @constant */
              kind: 'DetectorPack';
              spec: {
                entities: {
                  [key: string]: {
                    score: number;
                    maxLength: number;
                  } & {
                    [key: string]: unknown;
                  };
                };
              } & {
                [key: string]: unknown;
              };
            } & {
              [key: string]: unknown;
            };
          };
        };
      };
      /** @description The token is missing or unknown. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The role of the token is too low. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description There is none. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many wrong tokens. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description A fault of the evaluator. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The store takes no writes. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  putPack: {
    parameters: {
      query?: {
        dryRun?: 'true' | 'false';
        allowPartial?: 'true' | 'false';
        origin?: 'git' | 'ui';
        why?: string;
        breakGlass?: number;
      };
      header?: {
        /** @description ETag of the revision that is changed. */
        'if-match'?: string;
        /** @description `*`: it must not exist yet. */
        'if-none-match'?: string;
      };
      path: {
        name: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/yaml': string;
        'application/json': Record<string, never>;
        'text/plain': string;
      };
    };
    responses: {
      /** @description Changed, unchanged, or valid (dry run). */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            /** @enum {string} */
            outcome: 'created' | 'updated' | 'unchanged' | 'valid' | 'proposed' | 'deleted';
            incompatible: {
              service: string;
              instance: string;
              code: string;
              message: string;
            }[];
            warnings: string[];
            pack: {
              name: string;
              revision: string;
              generation: number;
              author: string;
              approver: string;
              /** @description Seconds from epoch; 0 for none. */
              at: number;
              deleted: boolean;
              source: string;
              /** @description Why it was changed, in the words of its author; empty when none were given. */
              why: string;
              /** @description Set while the document differs from its repository by a break-glass edit. */
              breakGlass: {
                /** @description Revision that the repository asked for. */
                base: string;
                /** @description Seconds from epoch; 0 for none. */
                until: number;
              } | null;
              pack: {
                /** @constant */
                kind: 'DetectorPack';
                spec: {
                  entities: {
                    [key: string]: {
                      score: number;
                      maxLength: number;
                    } & {
                      [key: string]: unknown;
                    };
                  };
                } & {
                  [key: string]: unknown;
                };
              } & {
                [key: string]: unknown;
              };
            };
          };
        };
      };
      /** @description Created. */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            /** @enum {string} */
            outcome: 'created' | 'updated' | 'unchanged' | 'valid' | 'proposed' | 'deleted';
            incompatible: {
              service: string;
              instance: string;
              code: string;
              message: string;
            }[];
            warnings: string[];
            pack: {
              name: string;
              revision: string;
              generation: number;
              author: string;
              approver: string;
              /** @description Seconds from epoch; 0 for none. */
              at: number;
              deleted: boolean;
              source: string;
              /** @description Why it was changed, in the words of its author; empty when none were given. */
              why: string;
              /** @description Set while the document differs from its repository by a break-glass edit. */
              breakGlass: {
                /** @description Revision that the repository asked for. */
                base: string;
                /** @description Seconds from epoch; 0 for none. */
                until: number;
              } | null;
              pack: {
                /** @constant */
                kind: 'DetectorPack';
                spec: {
                  entities: {
                    [key: string]: {
                      score: number;
                      maxLength: number;
                    } & {
                      [key: string]: unknown;
                    };
                  };
                } & {
                  [key: string]: unknown;
                };
              } & {
                [key: string]: unknown;
              };
            };
          };
        };
      };
      /** @description Waits for an approver who is not the author. */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            /** @enum {string} */
            outcome: 'created' | 'updated' | 'unchanged' | 'valid' | 'proposed' | 'deleted';
            incompatible: {
              service: string;
              instance: string;
              code: string;
              message: string;
            }[];
            warnings: string[];
            pack: {
              name: string;
              revision: string;
              generation: number;
              author: string;
              approver: string;
              /** @description Seconds from epoch; 0 for none. */
              at: number;
              deleted: boolean;
              source: string;
              /** @description Why it was changed, in the words of its author; empty when none were given. */
              why: string;
              /** @description Set while the document differs from its repository by a break-glass edit. */
              breakGlass: {
                /** @description Revision that the repository asked for. */
                base: string;
                /** @description Seconds from epoch; 0 for none. */
                until: number;
              } | null;
              pack: {
                /** @constant */
                kind: 'DetectorPack';
                spec: {
                  entities: {
                    [key: string]: {
                      score: number;
                      maxLength: number;
                    } & {
                      [key: string]: unknown;
                    };
                  };
                } & {
                  [key: string]: unknown;
                };
              } & {
                [key: string]: unknown;
              };
            };
          };
        };
      };
      /** @description The query or the body is wrong. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The token is missing or unknown. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The role of the token is too low. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Owned elsewhere, inert, not loadable by connected processes, or a change of somebody else waits. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description It changed meanwhile. */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body is too large. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The content type is not taken. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The document is wrong or one of its own tests fails; `errors` names each place. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description If-Match or If-None-Match is missing. */
      428: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many wrong tokens. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description A fault of the evaluator. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The store takes no writes. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  deletePack: {
    parameters: {
      query?: {
        origin?: 'git' | 'ui';
        why?: string;
      };
      header?: {
        /** @description ETag of the revision that is changed. */
        'if-match'?: string;
      };
      path: {
        name: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Deleted; its history stays. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description The query or the body is wrong. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The token is missing or unknown. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The role of the token is too low. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description There is none. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Owned elsewhere, still in use, or a change of somebody else waits. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description It changed meanwhile. */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description If-Match is missing. */
      428: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many wrong tokens. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description A fault of the evaluator. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The store takes no writes. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getPackHistory: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        name: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description With author and approver. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: {
              name: string;
              revision: string;
              generation: number;
              author: string;
              approver: string;
              /** @description Seconds from epoch; 0 for none. */
              at: number;
              deleted: boolean;
              source: string;
              /** @description Why it was changed, in the words of its author; empty when none were given. */
              why: string;
              /** @description Set while the document differs from its repository by a break-glass edit. */
              breakGlass: {
                /** @description Revision that the repository asked for. */
                base: string;
                /** @description Seconds from epoch; 0 for none. */
                until: number;
              } | null;
              pack: {
                /** @constant */
                kind: 'DetectorPack';
                spec: {
                  entities: {
                    [key: string]: {
                      score: number;
                      maxLength: number;
                    } & {
                      [key: string]: unknown;
                    };
                  };
                } & {
                  [key: string]: unknown;
                };
              } & {
                [key: string]: unknown;
              };
            }[];
          };
        };
      };
      /** @description The token is missing or unknown. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The role of the token is too low. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description There never was one. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many wrong tokens. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description A fault of the evaluator. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The store takes no writes. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listExceptions: {
    parameters: {
      query?: {
        after?: string;
        limit?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Sorted by name. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: {
              name: string;
              revision: string;
              generation: number;
              author: string;
              approver: string;
              /** @description Seconds from epoch; 0 for none. */
              at: number;
              deleted: boolean;
              source: string;
              /** @description Why it was changed, in the words of its author; empty when none were given. */
              why: string;
              /** @description Set while the document differs from its repository by a break-glass edit. */
              breakGlass: {
                /** @description Revision that the repository asked for. */
                base: string;
                /** @description Seconds from epoch; 0 for none. */
                until: number;
              } | null;
              /** @description It exempts nothing any more. */
              expired: boolean;
              exception: {
                /** @constant */
                kind: 'GuardrailException';
                spec: {
                  owner: string;
                  reason: string;
                  /** @description Seconds from epoch; 0 for none. */
                  expires: number;
                  guardrails: string[];
                } & {
                  [key: string]: unknown;
                };
              } & {
                [key: string]: unknown;
              };
            }[];
            /** @description Of the whole list, as it is now. */
            total: number;
            /** @description Ask with it as `after` for the next page; empty on the last. */
            next: string;
          };
        };
      };
      /** @description The query or the body is wrong. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The token is missing or unknown. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The role of the token is too low. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many wrong tokens. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description A fault of the evaluator. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The store takes no writes. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getException: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        name: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description With its ETag. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            name: string;
            revision: string;
            generation: number;
            author: string;
            approver: string;
            /** @description Seconds from epoch; 0 for none. */
            at: number;
            deleted: boolean;
            source: string;
            /** @description Why it was changed, in the words of its author; empty when none were given. */
            why: string;
            /** @description Set while the document differs from its repository by a break-glass edit. */
            breakGlass: {
              /** @description Revision that the repository asked for. */
              base: string;
              /** @description Seconds from epoch; 0 for none. */
              until: number;
            } | null;
            /** @description It exempts nothing any more. */
            expired: boolean;
            exception: {
              /** @constant */
              kind: 'GuardrailException';
              spec: {
                owner: string;
                reason: string;
                /** @description Seconds from epoch; 0 for none. */
                expires: number;
                guardrails: string[];
              } & {
                [key: string]: unknown;
              };
            } & {
              [key: string]: unknown;
            };
          };
        };
      };
      /** @description The token is missing or unknown. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The role of the token is too low. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description There is none. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many wrong tokens. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description A fault of the evaluator. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The store takes no writes. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  putException: {
    parameters: {
      query?: {
        dryRun?: 'true' | 'false';
        allowPartial?: 'true' | 'false';
        origin?: 'git' | 'ui';
        why?: string;
        breakGlass?: number;
      };
      header?: {
        /** @description ETag of the revision that is changed. */
        'if-match'?: string;
        /** @description `*`: it must not exist yet. */
        'if-none-match'?: string;
      };
      path: {
        name: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/yaml': string;
        'application/json': Record<string, never>;
        'text/plain': string;
      };
    };
    responses: {
      /** @description Changed, unchanged, or valid (dry run). */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            /** @enum {string} */
            outcome: 'created' | 'updated' | 'unchanged' | 'valid' | 'proposed' | 'deleted';
            incompatible: {
              service: string;
              instance: string;
              code: string;
              message: string;
            }[];
            warnings: string[];
            exception: {
              name: string;
              revision: string;
              generation: number;
              author: string;
              approver: string;
              /** @description Seconds from epoch; 0 for none. */
              at: number;
              deleted: boolean;
              source: string;
              /** @description Why it was changed, in the words of its author; empty when none were given. */
              why: string;
              /** @description Set while the document differs from its repository by a break-glass edit. */
              breakGlass: {
                /** @description Revision that the repository asked for. */
                base: string;
                /** @description Seconds from epoch; 0 for none. */
                until: number;
              } | null;
              /** @description It exempts nothing any more. */
              expired: boolean;
              exception: {
                /** @constant */
                kind: 'GuardrailException';
                spec: {
                  owner: string;
                  reason: string;
                  /** @description Seconds from epoch; 0 for none. */
                  expires: number;
                  guardrails: string[];
                } & {
                  [key: string]: unknown;
                };
              } & {
                [key: string]: unknown;
              };
            };
          };
        };
      };
      /** @description Created. */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            /** @enum {string} */
            outcome: 'created' | 'updated' | 'unchanged' | 'valid' | 'proposed' | 'deleted';
            incompatible: {
              service: string;
              instance: string;
              code: string;
              message: string;
            }[];
            warnings: string[];
            exception: {
              name: string;
              revision: string;
              generation: number;
              author: string;
              approver: string;
              /** @description Seconds from epoch; 0 for none. */
              at: number;
              deleted: boolean;
              source: string;
              /** @description Why it was changed, in the words of its author; empty when none were given. */
              why: string;
              /** @description Set while the document differs from its repository by a break-glass edit. */
              breakGlass: {
                /** @description Revision that the repository asked for. */
                base: string;
                /** @description Seconds from epoch; 0 for none. */
                until: number;
              } | null;
              /** @description It exempts nothing any more. */
              expired: boolean;
              exception: {
                /** @constant */
                kind: 'GuardrailException';
                spec: {
                  owner: string;
                  reason: string;
                  /** @description Seconds from epoch; 0 for none. */
                  expires: number;
                  guardrails: string[];
                } & {
                  [key: string]: unknown;
                };
              } & {
                [key: string]: unknown;
              };
            };
          };
        };
      };
      /** @description Waits for an approver who is not the author. */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            /** @enum {string} */
            outcome: 'created' | 'updated' | 'unchanged' | 'valid' | 'proposed' | 'deleted';
            incompatible: {
              service: string;
              instance: string;
              code: string;
              message: string;
            }[];
            warnings: string[];
            exception: {
              name: string;
              revision: string;
              generation: number;
              author: string;
              approver: string;
              /** @description Seconds from epoch; 0 for none. */
              at: number;
              deleted: boolean;
              source: string;
              /** @description Why it was changed, in the words of its author; empty when none were given. */
              why: string;
              /** @description Set while the document differs from its repository by a break-glass edit. */
              breakGlass: {
                /** @description Revision that the repository asked for. */
                base: string;
                /** @description Seconds from epoch; 0 for none. */
                until: number;
              } | null;
              /** @description It exempts nothing any more. */
              expired: boolean;
              exception: {
                /** @constant */
                kind: 'GuardrailException';
                spec: {
                  owner: string;
                  reason: string;
                  /** @description Seconds from epoch; 0 for none. */
                  expires: number;
                  guardrails: string[];
                } & {
                  [key: string]: unknown;
                };
              } & {
                [key: string]: unknown;
              };
            };
          };
        };
      };
      /** @description The query or the body is wrong. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The token is missing or unknown. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The role of the token is too low. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Owned elsewhere, inert, not loadable by connected processes, or a change of somebody else waits. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description It changed meanwhile. */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body is too large. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The content type is not taken. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The document is wrong or one of its own tests fails; `errors` names each place. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description If-Match or If-None-Match is missing. */
      428: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many wrong tokens. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description A fault of the evaluator. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The store takes no writes. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  deleteException: {
    parameters: {
      query?: {
        origin?: 'git' | 'ui';
        why?: string;
      };
      header?: {
        /** @description ETag of the revision that is changed. */
        'if-match'?: string;
      };
      path: {
        name: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Waits for an approver who is not the author. */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            /** @enum {string} */
            outcome: 'created' | 'updated' | 'unchanged' | 'valid' | 'proposed' | 'deleted';
            incompatible: {
              service: string;
              instance: string;
              code: string;
              message: string;
            }[];
            warnings: string[];
            exception: {
              name: string;
              revision: string;
              generation: number;
              author: string;
              approver: string;
              /** @description Seconds from epoch; 0 for none. */
              at: number;
              deleted: boolean;
              source: string;
              /** @description Why it was changed, in the words of its author; empty when none were given. */
              why: string;
              /** @description Set while the document differs from its repository by a break-glass edit. */
              breakGlass: {
                /** @description Revision that the repository asked for. */
                base: string;
                /** @description Seconds from epoch; 0 for none. */
                until: number;
              } | null;
              /** @description It exempts nothing any more. */
              expired: boolean;
              exception: {
                /** @constant */
                kind: 'GuardrailException';
                spec: {
                  owner: string;
                  reason: string;
                  /** @description Seconds from epoch; 0 for none. */
                  expires: number;
                  guardrails: string[];
                } & {
                  [key: string]: unknown;
                };
              } & {
                [key: string]: unknown;
              };
            };
          };
        };
      };
      /** @description Deleted; its history stays. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description The query or the body is wrong. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The token is missing or unknown. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The role of the token is too low. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description There is none. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Owned elsewhere, still in use, or a change of somebody else waits. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description It changed meanwhile. */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description If-Match is missing. */
      428: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many wrong tokens. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description A fault of the evaluator. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The store takes no writes. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getExceptionHistory: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        name: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description With author and approver. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: {
              name: string;
              revision: string;
              generation: number;
              author: string;
              approver: string;
              /** @description Seconds from epoch; 0 for none. */
              at: number;
              deleted: boolean;
              source: string;
              /** @description Why it was changed, in the words of its author; empty when none were given. */
              why: string;
              /** @description Set while the document differs from its repository by a break-glass edit. */
              breakGlass: {
                /** @description Revision that the repository asked for. */
                base: string;
                /** @description Seconds from epoch; 0 for none. */
                until: number;
              } | null;
              /** @description It exempts nothing any more. */
              expired: boolean;
              exception: {
                /** @constant */
                kind: 'GuardrailException';
                spec: {
                  owner: string;
                  reason: string;
                  /** @description Seconds from epoch; 0 for none. */
                  expires: number;
                  guardrails: string[];
                } & {
                  [key: string]: unknown;
                };
              } & {
                [key: string]: unknown;
              };
            }[];
          };
        };
      };
      /** @description The token is missing or unknown. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The role of the token is too low. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description There never was one. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many wrong tokens. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description A fault of the evaluator. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The store takes no writes. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  proposeBaseline: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        name: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          /**
           * @description `groupBy` field to value; empty when there is one series.
           * @default {}
           */
          series?: {
            [key: string]: string;
          };
          /** @description Seconds from epoch; seven days before `to` when left out. */
          from?: number;
          /** @description Seconds from epoch; now when left out. */
          to?: number;
          /** @default false */
          dryRun?: boolean;
        };
      };
    };
    responses: {
      /** @description A dry run, or git owns the document: `source` is to be committed there. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            /** @enum {string} */
            outcome: 'created' | 'updated' | 'unchanged' | 'valid' | 'proposed' | 'deleted';
            incompatible: {
              service: string;
              instance: string;
              code: string;
              message: string;
            }[];
            warnings: string[];
            guardrail: {
              name: string;
              revision: string;
              generation: number;
              author: string;
              approver: string;
              /** @description Seconds from epoch; 0 for none. */
              at: number;
              deleted: boolean;
              source: string;
              /** @description Why it was changed, in the words of its author; empty when none were given. */
              why: string;
              /** @description Set while the document differs from its repository by a break-glass edit. */
              breakGlass: {
                /** @description Revision that the repository asked for. */
                base: string;
                /** @description Seconds from epoch; 0 for none. */
                until: number;
              } | null;
              /** @description Why it can act nowhere, or null. */
              inert: string | null;
              guardrail: {
                /** @constant */
                kind: 'Guardrail';
                spec: {
                  /** @enum {string} */
                  mode: 'off' | 'dryrun' | 'warn' | 'enforce';
                } & {
                  [key: string]: unknown;
                };
              } & {
                [key: string]: unknown;
              };
            };
            /** @description The document with the new baseline. */
            source: string;
            baseline: {
              model: string;
              calls: number;
            } & {
              [key: string]: unknown;
            };
          };
        };
      };
      /** @description Waits for an approver who is not the author. */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            /** @enum {string} */
            outcome: 'created' | 'updated' | 'unchanged' | 'valid' | 'proposed' | 'deleted';
            incompatible: {
              service: string;
              instance: string;
              code: string;
              message: string;
            }[];
            warnings: string[];
            guardrail: {
              name: string;
              revision: string;
              generation: number;
              author: string;
              approver: string;
              /** @description Seconds from epoch; 0 for none. */
              at: number;
              deleted: boolean;
              source: string;
              /** @description Why it was changed, in the words of its author; empty when none were given. */
              why: string;
              /** @description Set while the document differs from its repository by a break-glass edit. */
              breakGlass: {
                /** @description Revision that the repository asked for. */
                base: string;
                /** @description Seconds from epoch; 0 for none. */
                until: number;
              } | null;
              /** @description Why it can act nowhere, or null. */
              inert: string | null;
              guardrail: {
                /** @constant */
                kind: 'Guardrail';
                spec: {
                  /** @enum {string} */
                  mode: 'off' | 'dryrun' | 'warn' | 'enforce';
                } & {
                  [key: string]: unknown;
                };
              } & {
                [key: string]: unknown;
              };
            };
            /** @description The document with the new baseline. */
            source: string;
            baseline: {
              model: string;
              calls: number;
            } & {
              [key: string]: unknown;
            };
          };
        };
      };
      /** @description The query or the body is wrong. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The token is missing or unknown. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The role of the token is too low. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description There is no such guard-rail. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description It has no baseline, no such series, or no calls in that time. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body is too large. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The content type is not taken. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many wrong tokens. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description A fault of the evaluator. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The store takes no writes. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listProposals: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Sorted by kind and name. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: {
              /** @enum {string} */
              kind: 'DetectorPack' | 'Guardrail' | 'GuardrailException';
              /** @description Segment of its paths. */
              collection: string;
              name: string;
              /** @enum {string} */
              change: 'put' | 'delete';
              /** @description Of the document that would come into force, or leave. */
              revision: string;
              author: string;
              /** @description Seconds from epoch; 0 for none. */
              at: number;
              /** @description The authored text; empty for a deletion. */
              source: string;
              /** @description Why an approver is needed. */
              reason: string;
              /** @description Why it is changed, in the words of its author; empty when none were given. */
              why: string;
              /** @description Revision that was in force when it was proposed; empty when there was none. */
              base: string;
              /** @enum {string} */
              origin: 'git' | 'ui';
              allowPartial: boolean;
              /** @description Seconds for which a break-glass edit would hold; 0 when it is none. */
              breakGlass: number;
              /** @description The document was changed since: it cannot be approved. */
              stale: boolean;
            }[];
          };
        };
      };
      /** @description The token is missing or unknown. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The role of the token is too low. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many wrong tokens. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description A fault of the evaluator. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The store takes no writes. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getProposal: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        collection: string;
        name: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description With its revision as ETag: send it back to approve what was read. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            /** @enum {string} */
            kind: 'DetectorPack' | 'Guardrail' | 'GuardrailException';
            /** @description Segment of its paths. */
            collection: string;
            name: string;
            /** @enum {string} */
            change: 'put' | 'delete';
            /** @description Of the document that would come into force, or leave. */
            revision: string;
            author: string;
            /** @description Seconds from epoch; 0 for none. */
            at: number;
            /** @description The authored text; empty for a deletion. */
            source: string;
            /** @description Why an approver is needed. */
            reason: string;
            /** @description Why it is changed, in the words of its author; empty when none were given. */
            why: string;
            /** @description Revision that was in force when it was proposed; empty when there was none. */
            base: string;
            /** @enum {string} */
            origin: 'git' | 'ui';
            allowPartial: boolean;
            /** @description Seconds for which a break-glass edit would hold; 0 when it is none. */
            breakGlass: number;
            /** @description The document was changed since: it cannot be approved. */
            stale: boolean;
            /** @description The authored text in force; empty when there is none. */
            inForce: string;
          };
        };
      };
      /** @description The token is missing or unknown. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The role of the token is too low. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Nothing waits. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many wrong tokens. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description A fault of the evaluator. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The store takes no writes. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  approveProposal: {
    parameters: {
      query?: never;
      header?: {
        /** @description Revision of the waiting change that was read. */
        'if-match'?: string;
      };
      path: {
        collection: string;
        name: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description In force, or deleted. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            /** @enum {string} */
            outcome: 'created' | 'updated' | 'unchanged' | 'valid' | 'proposed' | 'deleted';
            incompatible: {
              service: string;
              instance: string;
              code: string;
              message: string;
            }[];
            warnings: string[];
            guardrail?: {
              name: string;
              revision: string;
              generation: number;
              author: string;
              approver: string;
              /** @description Seconds from epoch; 0 for none. */
              at: number;
              deleted: boolean;
              source: string;
              /** @description Why it was changed, in the words of its author; empty when none were given. */
              why: string;
              /** @description Set while the document differs from its repository by a break-glass edit. */
              breakGlass: {
                /** @description Revision that the repository asked for. */
                base: string;
                /** @description Seconds from epoch; 0 for none. */
                until: number;
              } | null;
              /** @description Why it can act nowhere, or null. */
              inert: string | null;
              guardrail: {
                /** @constant */
                kind: 'Guardrail';
                spec: {
                  /** @enum {string} */
                  mode: 'off' | 'dryrun' | 'warn' | 'enforce';
                } & {
                  [key: string]: unknown;
                };
              } & {
                [key: string]: unknown;
              };
            };
            exception?: {
              name: string;
              revision: string;
              generation: number;
              author: string;
              approver: string;
              /** @description Seconds from epoch; 0 for none. */
              at: number;
              deleted: boolean;
              source: string;
              /** @description Why it was changed, in the words of its author; empty when none were given. */
              why: string;
              /** @description Set while the document differs from its repository by a break-glass edit. */
              breakGlass: {
                /** @description Revision that the repository asked for. */
                base: string;
                /** @description Seconds from epoch; 0 for none. */
                until: number;
              } | null;
              /** @description It exempts nothing any more. */
              expired: boolean;
              exception: {
                /** @constant */
                kind: 'GuardrailException';
                spec: {
                  owner: string;
                  reason: string;
                  /** @description Seconds from epoch; 0 for none. */
                  expires: number;
                  guardrails: string[];
                } & {
                  [key: string]: unknown;
                };
              } & {
                [key: string]: unknown;
              };
            };
            pack?: {
              name: string;
              revision: string;
              generation: number;
              author: string;
              approver: string;
              /** @description Seconds from epoch; 0 for none. */
              at: number;
              deleted: boolean;
              source: string;
              /** @description Why it was changed, in the words of its author; empty when none were given. */
              why: string;
              /** @description Set while the document differs from its repository by a break-glass edit. */
              breakGlass: {
                /** @description Revision that the repository asked for. */
                base: string;
                /** @description Seconds from epoch; 0 for none. */
                until: number;
              } | null;
              pack: {
                /** @constant */
                kind: 'DetectorPack';
                spec: {
                  entities: {
                    [key: string]: {
                      score: number;
                      maxLength: number;
                    } & {
                      [key: string]: unknown;
                    };
                  };
                } & {
                  [key: string]: unknown;
                };
              } & {
                [key: string]: unknown;
              };
            };
          };
        };
      };
      /** @description In force, new. */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            /** @enum {string} */
            outcome: 'created' | 'updated' | 'unchanged' | 'valid' | 'proposed' | 'deleted';
            incompatible: {
              service: string;
              instance: string;
              code: string;
              message: string;
            }[];
            warnings: string[];
            guardrail?: {
              name: string;
              revision: string;
              generation: number;
              author: string;
              approver: string;
              /** @description Seconds from epoch; 0 for none. */
              at: number;
              deleted: boolean;
              source: string;
              /** @description Why it was changed, in the words of its author; empty when none were given. */
              why: string;
              /** @description Set while the document differs from its repository by a break-glass edit. */
              breakGlass: {
                /** @description Revision that the repository asked for. */
                base: string;
                /** @description Seconds from epoch; 0 for none. */
                until: number;
              } | null;
              /** @description Why it can act nowhere, or null. */
              inert: string | null;
              guardrail: {
                /** @constant */
                kind: 'Guardrail';
                spec: {
                  /** @enum {string} */
                  mode: 'off' | 'dryrun' | 'warn' | 'enforce';
                } & {
                  [key: string]: unknown;
                };
              } & {
                [key: string]: unknown;
              };
            };
            exception?: {
              name: string;
              revision: string;
              generation: number;
              author: string;
              approver: string;
              /** @description Seconds from epoch; 0 for none. */
              at: number;
              deleted: boolean;
              source: string;
              /** @description Why it was changed, in the words of its author; empty when none were given. */
              why: string;
              /** @description Set while the document differs from its repository by a break-glass edit. */
              breakGlass: {
                /** @description Revision that the repository asked for. */
                base: string;
                /** @description Seconds from epoch; 0 for none. */
                until: number;
              } | null;
              /** @description It exempts nothing any more. */
              expired: boolean;
              exception: {
                /** @constant */
                kind: 'GuardrailException';
                spec: {
                  owner: string;
                  reason: string;
                  /** @description Seconds from epoch; 0 for none. */
                  expires: number;
                  guardrails: string[];
                } & {
                  [key: string]: unknown;
                };
              } & {
                [key: string]: unknown;
              };
            };
            pack?: {
              name: string;
              revision: string;
              generation: number;
              author: string;
              approver: string;
              /** @description Seconds from epoch; 0 for none. */
              at: number;
              deleted: boolean;
              source: string;
              /** @description Why it was changed, in the words of its author; empty when none were given. */
              why: string;
              /** @description Set while the document differs from its repository by a break-glass edit. */
              breakGlass: {
                /** @description Revision that the repository asked for. */
                base: string;
                /** @description Seconds from epoch; 0 for none. */
                until: number;
              } | null;
              pack: {
                /** @constant */
                kind: 'DetectorPack';
                spec: {
                  entities: {
                    [key: string]: {
                      score: number;
                      maxLength: number;
                    } & {
                      [key: string]: unknown;
                    };
                  };
                } & {
                  [key: string]: unknown;
                };
              } & {
                [key: string]: unknown;
              };
            };
          };
        };
      };
      /** @description The token is missing or unknown. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The author cannot approve (`GUARDSPAN_SECOND_PERSON`). */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Nothing waits. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The document was changed since, or it can no longer be published. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Another change waits by now. */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many wrong tokens. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description A fault of the evaluator. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The store takes no writes. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  rejectProposal: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        collection: string;
        name: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          reason: string;
        };
      };
    };
    responses: {
      /** @description Dropped; the reason is in the audit. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description The query or the body is wrong. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The token is missing or unknown. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The role of the token is too low. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Nothing waits. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body is too large. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The content type is not taken. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many wrong tokens. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description A fault of the evaluator. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The store takes no writes. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listVerdicts: {
    parameters: {
      query?: {
        guardrail?: string;
        active?: 'true' | 'false';
        before?: number;
        limit?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Verdicts. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: {
              id: string;
              guardrail: string;
              revision: string;
              series: {
                [key: string]: string;
              };
              mode: string;
              action: string;
              disposition: string;
              state: string;
              code: string;
              message: string;
              /** @description Seconds from epoch; 0 for none. */
              firstAt: number;
              /** @description Seconds from epoch; 0 for none. */
              lastAt: number;
              /** @description Seconds from epoch; 0 for none. */
              releasedAt: number;
              signals: unknown;
              trace: unknown;
              exampleTraceIds: string[];
              auditSeq: number;
            }[];
          };
        };
      };
      /** @description The query or the body is wrong. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The token is missing or unknown. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The role of the token is too low. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many wrong tokens. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description A fault of the evaluator. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The store takes no writes. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getVerdict: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The verdict. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            id: string;
            guardrail: string;
            revision: string;
            series: {
              [key: string]: string;
            };
            mode: string;
            action: string;
            disposition: string;
            state: string;
            code: string;
            message: string;
            /** @description Seconds from epoch; 0 for none. */
            firstAt: number;
            /** @description Seconds from epoch; 0 for none. */
            lastAt: number;
            /** @description Seconds from epoch; 0 for none. */
            releasedAt: number;
            signals: unknown;
            trace: unknown;
            exampleTraceIds: string[];
            auditSeq: number;
            feedback: {
              verdictId: string;
              /** @enum {string} */
              judgement: 'right' | 'false_alarm' | 'unclear';
              by: string;
              reason: string;
              /** @description Seconds from epoch; 0 for none. */
              at: number;
            }[];
          };
        };
      };
      /** @description The token is missing or unknown. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The role of the token is too low. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description There is none. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many wrong tokens. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description A fault of the evaluator. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The store takes no writes. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  releaseVerdict: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          reason: string;
        };
      };
    };
    responses: {
      /** @description Released. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            /** @constant */
            released: true;
          };
        };
      };
      /** @description The query or the body is wrong. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The token is missing or unknown. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The role of the token is too low. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description There is none. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description It is not firing any more. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body is too large. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The content type is not taken. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many wrong tokens. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description A fault of the evaluator. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The store takes no writes. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  postFeedback: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          verdictId: string;
          /**
           * @description In place of an earlier one of the same person.
           * @enum {string}
           */
          judgement: 'right' | 'false_alarm' | 'unclear';
          reason: string;
        };
      };
    };
    responses: {
      /** @description Kept. */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            verdictId: string;
            /** @enum {string} */
            judgement: 'right' | 'false_alarm' | 'unclear';
            by: string;
            reason: string;
            /** @description Seconds from epoch; 0 for none. */
            at: number;
          };
        };
      };
      /** @description The query or the body is wrong. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The token is missing or unknown. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The role of the token is too low. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description There is no such verdict. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body is too large. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The content type is not taken. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many wrong tokens. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description A fault of the evaluator. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The store takes no writes. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listSeries: {
    parameters: {
      query?: {
        guardrail?: string;
        firing?: 'true' | 'false';
        after?: string;
        limit?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description At most `limit` at a time. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: {
              guardrail: string;
              revision: string;
              series: {
                [key: string]: string;
              };
              /** @enum {string} */
              state: 'ok' | 'pending' | 'firing' | 'probing';
              /** @description Seconds from epoch; 0 for none. */
              since: number;
              verdictId: string;
              signals: {
                [key: string]: {
                  value: number | null;
                  samples: number | null;
                } & {
                  [key: string]: unknown;
                };
              };
              degraded: boolean;
              /** @description Of guard-rails with a test. */
              evidence?: {
                /** @description Nats. */
                value: number | null;
                threshold: number;
                warned: boolean;
                promise: {
                  /** @enum {string} */
                  status: 'kept' | 'not_guaranteed';
                  reasons: string[];
                };
                /** @description Of a baseline with a season or one that moves. */
                baseline?: {
                  /** @enum {string} */
                  kind: 'anchor' | 'lagged' | 'rolling';
                  /** @description Empty: one limit for every hour. */
                  season: string;
                  /** @description What was allowed in the last bucket. */
                  limit: number;
                  /** @description What the frozen baseline alone would have allowed. */
                  anchor: number;
                  /** @description Odds of `limit` by odds of `anchor`. */
                  moved: number;
                  /** @description The largest factor that `moved` may be; 1 when nothing moves. */
                  budget: number;
                  /** @description The baseline stands still until a person approves another one. */
                  spent: boolean;
                  spentAt: number;
                  windowFrom: number;
                  windowTo: number;
                };
              };
            }[];
            /** @description Of the whole list, as it is now. */
            total: number;
            /** @description Ask with it as `after` for the next page; empty on the last. */
            next: string;
          };
        };
      };
      /** @description The query or the body is wrong. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The token is missing or unknown. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The role of the token is too low. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many wrong tokens. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description A fault of the evaluator. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The store takes no writes. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listDirectives: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Directives. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: ({
              id: string;
              epoch: number;
              guardrail: string;
              scope: {
                [key: string]: string;
              };
              action: {
                type: string;
              } & {
                [key: string]: unknown;
              };
              reason: {
                code: string;
                message: string;
                trace: ({
                  expression: string;
                  evaluated: boolean;
                } & {
                  [key: string]: unknown;
                })[];
              } & {
                [key: string]: unknown;
              };
              /** @description Seconds from epoch; 0 for none. */
              issuedAt: number;
              /** @description Seconds from epoch; 0 for none. */
              leaseUntil: number;
              /** @description Seconds from epoch; 0 for none. */
              releasedAt: number;
              appliedBy: number;
              matching: number;
            } & {
              [key: string]: unknown;
            })[];
            pending: {
              verdictId: string;
              guardrail: string;
              scope: {
                [key: string]: string;
              };
              /** @description Seconds from epoch; 0 for none. */
              at: number;
              /**
               * @description `limits.maxScopes` is reached, or the document asks.
               * @enum {string}
               */
              reason: 'max_scopes' | 'approval';
              /** @description Seconds from epoch at which `onTimeout` decides; 0 without end. */
              until: number;
              /** @enum {string} */
              onTimeout: 'execute' | 'cancel' | '';
            }[];
          };
        };
      };
      /** @description The token is missing or unknown. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The role of the token is too low. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many wrong tokens. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description A fault of the evaluator. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The store takes no writes. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  approveDirective: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        verdictId: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          reason: string;
        };
      };
    };
    responses: {
      /** @description Issued. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            /** @constant */
            approved: true;
          };
        };
      };
      /** @description The query or the body is wrong. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The token is missing or unknown. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The role of the token is too low. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Nothing waits. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body is too large. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The content type is not taken. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many wrong tokens. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description A fault of the evaluator. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The store takes no writes. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  rejectDirective: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        verdictId: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          reason: string;
        };
      };
    };
    responses: {
      /** @description Refused. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            /** @constant */
            rejected: true;
          };
        };
      };
      /** @description The query or the body is wrong. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The token is missing or unknown. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The role of the token is too low. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Nothing waits. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body is too large. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The content type is not taken. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many wrong tokens. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description A fault of the evaluator. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The store takes no writes. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getPrecision: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        name: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Over all its revisions; zeros when there is no such guard-rail. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            /** @description Beginning of the oldest verdict that is kept. */
            since: number;
            /** @description Windowed verdicts that are kept, judged or not. */
            verdicts: number;
            right: number;
            falseAlarm: number;
            /** @description Judged, and neither of both. */
            unclear: number;
            /** @description right / (right + falseAlarm); null before the first of them. */
            precision: number | null;
            /** @description Ends of its Wilson interval, 95 %. */
            lower: number | null;
            upper: number | null;
            /** @description By the mode that they were found in. */
            modes: {
              mode: string;
              /** @description Windowed verdicts that are kept, judged or not. */
              verdicts: number;
              right: number;
              falseAlarm: number;
              /** @description Judged, and neither of both. */
              unclear: number;
              /** @description right / (right + falseAlarm); null before the first of them. */
              precision: number | null;
              /** @description Ends of its Wilson interval, 95 %. */
              lower: number | null;
              upper: number | null;
            }[];
          };
        };
      };
      /** @description The token is missing or unknown. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The role of the token is too low. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many wrong tokens. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description A fault of the evaluator. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The store takes no writes. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  explainVerdict: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The explanation. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            guardrail: string;
            revision: string;
            series: {
              [key: string]: string;
            };
            test: string;
            /** @enum {string} */
            mode: 'robust' | 'iid';
            state: string;
            evidence: {
              /** @description Nats; null before the first closed bucket. */
              value: number | null;
              highest: number | null;
              threshold: number;
              path: [number, number | null][];
              crossedAt: number;
              crossedCalls: number;
              /** @description In mode iid of a share: evidence that holds for clustered calls too must reach its threshold, or the evidence itself `sufficient`. */
              robust?: {
                value: number | null;
                threshold: number;
                sufficient: number | null;
              };
              restartedAt: number;
              restartReason: string;
            };
            promise: {
              /** @enum {string} */
              status: 'kept' | 'not_guaranteed';
              reasons: string[];
              text: string;
            };
            /** @description Of a baseline with a season or one that moves. */
            baseline?: {
              /** @enum {string} */
              kind: 'anchor' | 'lagged' | 'rolling';
              /** @description Empty: one limit for every hour. */
              season: string;
              /** @description What was allowed in the last bucket. */
              limit: number;
              /** @description What the frozen baseline alone would have allowed. */
              anchor: number;
              /** @description Odds of `limit` by odds of `anchor`. */
              moved: number;
              /** @description The largest factor that `moved` may be; 1 when nothing moves. */
              budget: number;
              /** @description The baseline stands still until a person approves another one. */
              spent: boolean;
              spentAt: number;
              windowFrom: number;
              windowTo: number;
            };
            /** @description Of a series with one number in each bucket: no promise, and nothing acts on it. */
            advisory?: {
              /** @constant */
              label: 'advisory';
              score: number | null;
              threshold: number;
              unusual: number;
              lastAt: number;
            };
            /** @description Calls that are needed at least until the threshold is reached; null while nothing is off. */
            needed: number | null;
            counters: {
              calls: number;
              buckets: number;
              late: number;
              open: number;
            };
            effect?: {
              name: string;
              value: number | null;
              /** @description Ends of a confidence sequence: it holds at every moment. */
              lower: number | null;
              upper: number | null;
              limit: number | null;
              above: boolean;
              /** @description Drift of a number: mean distance from the baseline, in the unit of the field. */
              wasserstein?: {
                value: number | null;
                lower: number | null;
                upper: number | null;
                /** @description Between the quartiles of the baseline. */
                iqr: number | null;
              };
            };
            effectSinceOnset?: {
              name: string;
              value: number | null;
              /** @description Ends of a confidence sequence: it holds at every moment. */
              lower: number | null;
              upper: number | null;
              limit: number | null;
              above: boolean;
              /** @description Drift of a number: mean distance from the baseline, in the unit of the field. */
              wasserstein?: {
                value: number | null;
                lower: number | null;
                upper: number | null;
                /** @description Between the quartiles of the baseline. */
                iqr: number | null;
              };
            };
            firstOffendingBucket: number;
            groups: {
              stratum: string;
              group: string;
              calls: number;
              rate: number | null;
            }[];
            causes: {
              /** @enum {string} */
              kind: 'group' | 'stratum' | 'feature' | 'bin';
              field: string;
              value: string;
              calls: number;
              after: number | null;
              before: number | null;
              score: number | null;
            }[];
            exampleTraceIds: string[];
            summary: string;
            recompute: {
              every: number;
              before: {
                rows: unknown[];
              } & {
                [key: string]: unknown;
              };
              since: {
                rows: unknown[];
              } & {
                [key: string]: unknown;
              };
              arm: {
                rows: unknown[];
              } & {
                [key: string]: unknown;
              };
            };
            /** @description Of a verdict that is over; the rest is as it was when it began. */
            releasedAt?: number;
            /** @description Cells of groups with fewer than ten calls, which are not shown. */
            suppressed: number;
          };
        };
      };
      /** @description The token is missing or unknown. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The role of the token is too low. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description There is no such verdict of a guard-rail with a test. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many wrong tokens. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description A fault of the evaluator. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The store takes no writes. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listEvidence: {
    parameters: {
      query?: {
        guardrail?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description At most 200 series. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: {
              guardrail: string;
              revision: string;
              series: {
                [key: string]: string;
              };
              test: string;
              /** @enum {string} */
              mode: 'robust' | 'iid';
              state: string;
              evidence: {
                /** @description Nats; null before the first closed bucket. */
                value: number | null;
                highest: number | null;
                threshold: number;
                path: [number, number | null][];
                crossedAt: number;
                crossedCalls: number;
                /** @description In mode iid of a share: evidence that holds for clustered calls too must reach its threshold, or the evidence itself `sufficient`. */
                robust?: {
                  value: number | null;
                  threshold: number;
                  sufficient: number | null;
                };
                restartedAt: number;
                restartReason: string;
              };
              promise: {
                /** @enum {string} */
                status: 'kept' | 'not_guaranteed';
                reasons: string[];
                text: string;
              };
              /** @description Of a baseline with a season or one that moves. */
              baseline?: {
                /** @enum {string} */
                kind: 'anchor' | 'lagged' | 'rolling';
                /** @description Empty: one limit for every hour. */
                season: string;
                /** @description What was allowed in the last bucket. */
                limit: number;
                /** @description What the frozen baseline alone would have allowed. */
                anchor: number;
                /** @description Odds of `limit` by odds of `anchor`. */
                moved: number;
                /** @description The largest factor that `moved` may be; 1 when nothing moves. */
                budget: number;
                /** @description The baseline stands still until a person approves another one. */
                spent: boolean;
                spentAt: number;
                windowFrom: number;
                windowTo: number;
              };
              /** @description Of a series with one number in each bucket: no promise, and nothing acts on it. */
              advisory?: {
                /** @constant */
                label: 'advisory';
                score: number | null;
                threshold: number;
                unusual: number;
                lastAt: number;
              };
              /** @description Calls that are needed at least until the threshold is reached; null while nothing is off. */
              needed: number | null;
              counters: {
                calls: number;
                buckets: number;
                late: number;
                open: number;
              };
              effect?: {
                name: string;
                value: number | null;
                /** @description Ends of a confidence sequence: it holds at every moment. */
                lower: number | null;
                upper: number | null;
                limit: number | null;
                above: boolean;
                /** @description Drift of a number: mean distance from the baseline, in the unit of the field. */
                wasserstein?: {
                  value: number | null;
                  lower: number | null;
                  upper: number | null;
                  /** @description Between the quartiles of the baseline. */
                  iqr: number | null;
                };
              };
              effectSinceOnset?: {
                name: string;
                value: number | null;
                /** @description Ends of a confidence sequence: it holds at every moment. */
                lower: number | null;
                upper: number | null;
                limit: number | null;
                above: boolean;
                /** @description Drift of a number: mean distance from the baseline, in the unit of the field. */
                wasserstein?: {
                  value: number | null;
                  lower: number | null;
                  upper: number | null;
                  /** @description Between the quartiles of the baseline. */
                  iqr: number | null;
                };
              };
              firstOffendingBucket: number;
              groups: {
                stratum: string;
                group: string;
                calls: number;
                rate: number | null;
              }[];
              causes: {
                /** @enum {string} */
                kind: 'group' | 'stratum' | 'feature' | 'bin';
                field: string;
                value: string;
                calls: number;
                after: number | null;
                before: number | null;
                score: number | null;
              }[];
              exampleTraceIds: string[];
              summary: string;
              recompute: {
                every: number;
                before: {
                  rows: unknown[];
                } & {
                  [key: string]: unknown;
                };
                since: {
                  rows: unknown[];
                } & {
                  [key: string]: unknown;
                };
                arm: {
                  rows: unknown[];
                } & {
                  [key: string]: unknown;
                };
              };
              /** @description Of a verdict that is over; the rest is as it was when it began. */
              releasedAt?: number;
              /** @description Cells of groups with fewer than ten calls, which are not shown. */
              suppressed: number;
            }[];
          };
        };
      };
      /** @description The query or the body is wrong. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The token is missing or unknown. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The role of the token is too low. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many wrong tokens. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description A fault of the evaluator. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The store takes no writes. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listModels: {
    parameters: {
      query?: {
        after?: string;
        limit?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Counted since the evaluator started. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: {
              service: string;
              environment: string;
              model: string;
              version: string;
              kind: string;
              /** @description Seconds from epoch; 0 for none. */
              firstAt: number;
              /** @description Seconds from epoch; 0 for none. */
              lastAt: number;
              answered: number;
              failed: number;
              /** @description By a guard-rail. */
              refused: number;
              inputTokens: number;
              outputTokens: number;
              cost: number;
              /** @description Seconds, estimated from counts by bucket; null without an observation. */
              duration: {
                p50: number | null;
                p95: number | null;
                p99: number | null;
              };
              /** @description Seconds, estimated from counts by bucket; null without an observation. */
              timeToFirst: {
                p50: number | null;
                p95: number | null;
                p99: number | null;
              };
              /** @description Calls about which a guard-rail had a verdict that is no pass. */
              verdicts: {
                guardrail: string;
                action: string;
                disposition: string;
                calls: number;
              }[];
            }[];
            /** @description Of the whole list, as it is now. */
            total: number;
            /** @description Ask with it as `after` for the next page; empty on the last. */
            next: string;
          };
        };
      };
      /** @description The query or the body is wrong. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The token is missing or unknown. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The role of the token is too low. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many wrong tokens. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description A fault of the evaluator. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The store takes no writes. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listModelGuardrails: {
    parameters: {
      query?: {
        service?: string;
        environment?: string;
        model?: string;
        version?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Those that are not off and whose `match` takes calls of it; tenants, operations and feature views are left open. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: {
              name: string;
              /** @enum {string} */
              mode: 'off' | 'dryrun' | 'warn' | 'enforce';
              action: string;
              windowed: boolean;
            }[];
          };
        };
      };
      /** @description The query or the body is wrong. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The token is missing or unknown. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The role of the token is too low. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many wrong tokens. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description A fault of the evaluator. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The store takes no writes. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listFleet: {
    parameters: {
      query?: {
        service?: string;
        gone?: 'true' | 'false';
        after?: string;
        limit?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Processes. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: {
              service: string;
              serviceVersion: string;
              environment: string;
              instance: string;
              incarnation: string;
              host: string;
              pid: number;
              sdk: string;
              featureLevel: number;
              /** @enum {string} */
              transport: 'websocket' | 'sync';
              /** @description False for one that left in the last ten minutes. */
              connected: boolean;
              /** @description Seconds from epoch; 0 for none. */
              connectedAt: number;
              /** @description Seconds from epoch; 0 for none. */
              lastSeen: number;
              revision: string;
              /** @description When the set of that revision arrived there. */
              acknowledgedAt: number;
              current: boolean;
              errors: {
                guardrail: string;
                revision: string;
                code: string;
                message: string;
              }[];
              targets: string[];
              /** @description Names that a guard-rail may give as `rewrite: {by}`. */
              rewriters: string[];
              forbidden: string[];
              applied: string[];
              clockOffset: number;
            }[];
            /** @description Of the whole list, as it is now. */
            total: number;
            /** @description Ask with it as `after` for the next page; empty on the last. */
            next: string;
          };
        };
      };
      /** @description The query or the body is wrong. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The token is missing or unknown. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The role of the token is too low. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many wrong tokens. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description A fault of the evaluator. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The store takes no writes. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getCoverage: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description With what lowers it, named. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            rows: {
              service: string;
              model: string;
              version: string;
              guarded: number;
              /** @description Of the guarded calls: decided by request. */
              byRequest: number;
              unguarded: {
                [key: string]: number;
              };
              coverage: number | null;
            }[];
            gaps: {
              service: string;
              reason: string;
              name: string;
              count: number;
            }[];
            /** @description Of the guarded calls: exempted from a guard-rail by an exception. */
            exempted: {
              service: string;
              guardrail: string;
              count: number;
            }[];
            guarded: number;
            unguarded: number;
            coverage: number | null;
          };
        };
      };
      /** @description The token is missing or unknown. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The role of the token is too low. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many wrong tokens. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description A fault of the evaluator. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The store takes no writes. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listDispositions: {
    parameters: {
      query?: {
        guardrail?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Slices in which processes reported something, oldest first. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            /** @description Seconds of a slice. */
            step: number;
            /** @description Nothing is known before: the last hour, or the start of the evaluator. */
            since: number;
            items: {
              /** @description Seconds from epoch; 0 for none. */
              start: number;
              /** @description Guarded calls. */
              calls: number;
              /** @description Verdicts that are no pass, by disposition. */
              counts: {
                [key: string]: number;
              };
            }[];
          };
        };
      };
      /** @description The query or the body is wrong. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The token is missing or unknown. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The role of the token is too low. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many wrong tokens. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description A fault of the evaluator. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The store takes no writes. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getSession: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description You. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            /** @description Of the token, or of the user that it speaks for. */
            name: string;
            /** @description Of this request. */
            role: string;
            /** @description The most that any user of this token may do. */
            tokenRole: string;
            /** @description The token speaks for users of Grafana. */
            onBehalf: boolean;
            /** @description Of the evaluator. */
            version: string;
            singleUser: boolean;
            /** @description Changes need an approver who is not their author. */
            separateApprover: boolean;
          };
        };
      };
      /** @description The token is missing or unknown. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The role of the token is too low. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many wrong tokens. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description A fault of the evaluator. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The store takes no writes. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listKillSwitches: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Kill switches. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: {
              id: string;
              scope: {
                guardrail: string;
                model: string;
                service: string;
              };
              reason: string;
              by: string;
              expiresIn: number;
              /** @description Seconds from epoch; 0 for none. */
              at: number;
              /** @description Seconds from epoch; 0 for none. */
              until: number;
            }[];
          };
        };
      };
      /** @description The token is missing or unknown. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The role of the token is too low. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many wrong tokens. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description A fault of the evaluator. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The store takes no writes. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  engageKillSwitch: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          /**
           * @default {
           *       "guardrail": "",
           *       "model": "",
           *       "service": ""
           *     }
           */
          scope?: {
            /** @default  */
            guardrail?: string;
            /** @default  */
            model?: string;
            /** @default  */
            service?: string;
          };
          reason: string;
          /** @description Seconds; 0 until lifted. */
          expiresIn: number;
        };
      };
    };
    responses: {
      /** @description Enforcement of the scope has stopped. */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            id: string;
            scope: {
              guardrail: string;
              model: string;
              service: string;
            };
            reason: string;
            by: string;
            expiresIn: number;
            /** @description Seconds from epoch; 0 for none. */
            at: number;
            /** @description Seconds from epoch; 0 for none. */
            until: number;
          };
        };
      };
      /** @description The query or the body is wrong. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The token is missing or unknown. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The role of the token is too low. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body is too large. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The content type is not taken. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many wrong tokens. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description A fault of the evaluator. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The store takes no writes. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  liftKillSwitch: {
    parameters: {
      query: {
        reason: string;
      };
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Lifted. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            id: string;
            scope: {
              guardrail: string;
              model: string;
              service: string;
            };
            reason: string;
            by: string;
            expiresIn: number;
            /** @description Seconds from epoch; 0 for none. */
            at: number;
            /** @description Seconds from epoch; 0 for none. */
            until: number;
          };
        };
      };
      /** @description The query or the body is wrong. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The token is missing or unknown. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Who engaged it cannot lift it. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description There is none. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many wrong tokens. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description A fault of the evaluator. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The store takes no writes. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  postTruths: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          items: {
            /** @default  */
            trace_id?: string;
            /** @default  */
            span_id?: string;
            /** @default  */
            call_id?: string;
            name: string;
            value: string | number | boolean;
            /** @description Seconds from epoch. */
            at: number;
          }[];
        };
      };
    };
    responses: {
      /** @description Idempotent: what was known is counted as duplicate. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            accepted: number;
            duplicates: number;
            /** @description Items whose call (trace and span id) was counted into a bucket that is still open. */
            joined: number;
            /** @description The other items: kept all the same. */
            unjoined: number;
          };
        };
      };
      /** @description The query or the body is wrong. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The token is missing or unknown. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The role of the token is too low. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body is too large. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The content type is not taken. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many wrong tokens. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description A fault of the evaluator. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The store takes no writes. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  postGroups: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          items: {
            /** @default  */
            trace_id?: string;
            /** @default  */
            span_id?: string;
            /** @default  */
            call_id?: string;
            name: string;
            value: string | number | boolean;
            /** @description Seconds from epoch. */
            at: number;
          }[];
        };
      };
    };
    responses: {
      /** @description Idempotent: what was known is counted as duplicate. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            accepted: number;
            duplicates: number;
            /** @description Items whose call (trace and span id) was counted into a bucket that is still open. */
            joined: number;
            /** @description The other items: kept all the same. */
            unjoined: number;
          };
        };
      };
      /** @description The query or the body is wrong. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The token is missing or unknown. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The role of the token is too low. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body is too large. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The content type is not taken. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many wrong tokens. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description A fault of the evaluator. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The store takes no writes. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listAlerts: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The outbox of alerts, newest first. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: {
              /** @description Without the external labels. */
              labels: {
                [key: string]: string;
              };
              annotations: {
                [key: string]: string;
              };
              /** @description Empty for a storm alert. */
              guardrail: string;
              /** @description Seconds from epoch; 0 for none. */
              startsAt: number;
              /** @description Seconds from epoch; 0 for none. */
              quietSince: number;
              /** @description Seconds from epoch; 0 for none. */
              endedAt: number;
              /** @description A storm alert names it; it is not sent by itself. */
              folded: boolean;
              /** @description No Alertmanager took it for half a minute: the Prometheus rule tells of it. */
              leftToRule: boolean;
              traceId: string;
            }[];
            instances: {
              url: string;
              healthy: boolean;
              /** @description Why the last request failed; empty when it did not. */
              reason: string;
              /** @description Seconds from epoch; 0 for none. */
              failingSince: number;
              /** @description Seconds from epoch; 0 for none. */
              lastSuccessAt: number;
              /** @description Alerts that it has to be told. */
              waiting: number;
            }[];
          };
        };
      };
      /** @description The token is missing or unknown. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The role of the token is too low. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many wrong tokens. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description A fault of the evaluator. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The store takes no writes. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listWebhooks: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Without their content. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: {
              id: string;
              /** @description Without what in it may be a secret: name, password, query, and parts of the path that look like keys. */
              url: string;
              /** @description Seconds from epoch; 0 for none. */
              at: number;
              attempts: number;
              /** @description Seconds from epoch; 0 for none. */
              nextAt: number;
              /** @description Why the last attempt failed. */
              reason: string;
              /** @description When it was given up. */
              deadAt: number;
            }[];
          };
        };
      };
      /** @description The token is missing or unknown. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The role of the token is too low. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many wrong tokens. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description A fault of the evaluator. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The store takes no writes. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  replayWebhooks: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          /** @description All of them when left out. */
          ids?: string[];
        };
      };
    };
    responses: {
      /** @description They are on their way. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            replayed: number;
          };
        };
      };
      /** @description The query or the body is wrong. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The token is missing or unknown. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The role of the token is too low. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body is too large. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The content type is not taken. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many wrong tokens. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description A fault of the evaluator. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The store takes no writes. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  queryAudit: {
    parameters: {
      query?: {
        kind?: 'verdict' | 'decision' | 'directive' | 'document' | 'feedback' | 'override' | 'kill' | 'system';
        guardrail?: string;
        traceId?: string;
        verdictId?: string;
        after?: number;
        descending?: 'true' | 'false';
        limit?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Records. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: {
              seq: number;
              /** @enum {string} */
              kind: 'verdict' | 'decision' | 'directive' | 'document' | 'feedback' | 'override' | 'kill' | 'system';
              /** @description Seconds from epoch; 0 for none. */
              at: number;
              actor: string;
              guardrail: string;
              traceId: string;
              verdictId: string;
              body: unknown;
              previous: string;
              hash: string;
            }[];
          };
        };
      };
      /** @description The query or the body is wrong. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The token is missing or unknown. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The role of the token is too low. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many wrong tokens. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description A fault of the evaluator. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The store takes no writes. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  exportAudit: {
    parameters: {
      query?: {
        kind?: 'verdict' | 'decision' | 'directive' | 'document' | 'feedback' | 'override' | 'kill' | 'system';
        guardrail?: string;
        traceId?: string;
        verdictId?: string;
        after?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description One canonical JSON object a line. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/jsonl': string;
        };
      };
      /** @description The query or the body is wrong. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The token is missing or unknown. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The role of the token is too low. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many wrong tokens. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description A fault of the evaluator. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The store takes no writes. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  streamEvents: {
    parameters: {
      query?: never;
      header?: {
        /** @description Id of the last event seen: what is still held after it comes first. */
        'last-event-id'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description A `gap` event first when some are not held any more. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'text/event-stream': string;
        };
      };
      /** @description The token is missing or unknown. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The role of the token is too low. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many wrong tokens. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description A fault of the evaluator. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many streams are open. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getOpenApi: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description OpenAPI 3.1. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': Record<string, never>;
        };
      };
    };
  };
}
