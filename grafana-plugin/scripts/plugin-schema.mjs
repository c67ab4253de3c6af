import { z } from 'zod';

const action = z.string().regex(/^[a-z0-9-]+\.[a-z]+:[a-z]+$|^plugins\.app:access$/);
const link = z.strictObject({
  targets: z.union([z.string(), z.array(z.string()).min(1)]),
  title: z.string().min(10, 'Grafana wants titles of at least 10 characters'),
  description: z.string().optional(),
});

/** What a plugin.json of ours may hold, by Grafana's reference of its fields; a key that is not here is an error. */
export const pluginSchema = z.strictObject({
  $schema: z.string().optional(),
  id: z.string().regex(/^[0-9a-z]+-([0-9a-z]+-)?(app|panel|datasource)$/),
  type: z.enum(['app', 'panel', 'datasource']),
  name: z.string().min(3),
  autoEnabled: z.literal(false).optional(),
  // Written by the template's build.
  buildMode: z.literal('production', 'build it for production').optional(),
  preload: z.boolean().optional(),
  languages: z.array(z.string().regex(/^[a-z]{2}-[A-Z]{2}$/)).optional(),
  metrics: z.boolean().optional(),
  annotations: z.boolean().optional(),
  logs: z.boolean().optional(),
  tracing: z.boolean().optional(),
  alerting: z.boolean().optional(),
  streaming: z.boolean().optional(),
  skipDataQuery: z.boolean().optional(),
  category: z.string().optional(),
  suggestions: z.boolean().optional(),
  info: z.strictObject({
    keywords: z.array(z.string().min(2)).min(1),
    description: z.string().min(10),
    author: z.strictObject({ name: z.string().min(1), url: z.url().optional(), email: z.email().optional() }),
    logos: z.strictObject({ small: z.string(), large: z.string() }),
    links: z.array(z.strictObject({ name: z.string(), url: z.url() })).optional(),
    screenshots: z.array(z.strictObject({ name: z.string(), path: z.string() })),
    version: z.string().regex(/^\d+\.\d+\.\d+$/),
    updated: z.string().regex(/^\d{4}-\d{2}-\d{2}$/),
  }),
  includes: z
    .array(
      z.strictObject({
        type: z.enum(['page', 'dashboard', 'panel', 'datasource']),
        name: z.string().min(1),
        path: z.string().min(1),
        role: z.enum(['Viewer', 'Editor', 'Admin']).optional(),
        action: action.optional(),
        addToNav: z.boolean().optional(),
        defaultNav: z.boolean().optional(),
        icon: z.string().optional(),
      }),
    )
    .optional(),
  roles: z
    .array(
      z.strictObject({
        role: z.strictObject({
          name: z.string(),
          description: z.string(),
          permissions: z.array(z.strictObject({ action, scope: z.string().optional() })).min(1),
        }),
        grants: z.array(z.enum(['Viewer', 'Editor', 'Admin', 'Grafana Admin'])),
      }),
    )
    .optional(),
  routes: z
    .array(
      z.strictObject({
        path: z.string().min(1, 'an empty path would proxy everything'),
        method: z.enum(['GET', 'POST', 'PUT', 'DELETE', 'PATCH', '*']).optional(),
        url: z.string().min(1),
        reqRole: z.enum(['Viewer', 'Editor', 'Admin']).optional(),
        reqAction: action.optional(),
        headers: z.array(z.strictObject({ name: z.string(), content: z.string() })).optional(),
      }),
    )
    .optional(),
  extensions: z
    .strictObject({
      addedLinks: z.array(link).optional(),
      addedComponents: z.array(link).optional(),
      addedFunctions: z.array(link).optional(),
      exposedComponents: z
        .array(z.strictObject({ id: z.string(), title: z.string().optional(), description: z.string().optional() }))
        .optional(),
      extensionPoints: z
        .array(z.strictObject({ id: z.string(), title: z.string().optional(), description: z.string().optional() }))
        .optional(),
    })
    .optional(),
  dependencies: z.strictObject({
    grafanaDependency: z.string().regex(/^>=\d+\.\d+\.\d+-0$/, 'as >=12.3.0-0, which lets pre-releases in'),
    plugins: z.array(z.unknown()).optional(),
    extensions: z.strictObject({ exposedComponents: z.array(z.string()) }).optional(),
  }),
});
