import type { Python } from '../../helpers/pythons.ts';

/** A framework and the application of apps/ that is made with it: one path for each stop kind, with its id as name. */
export interface Framework {
  readonly name: string;
  /** What `up --app` gets. */
  readonly app: string;
  /** The file with the views. */
  readonly views: string;
  /** What `--break MODULE:FUNCTION` gets. */
  readonly function: string;
  /** As PyPI knows it, and the newest version for each Python. */
  readonly release?: { readonly package: string; readonly versions: Readonly<Record<Python, string>> };
  /** Where an exception in a template is seen, if not at its mark in `views`: lines of Jinja are its own. */
  readonly template?: string;
  /** The paths whose exceptions are responses, or have a handler of the application's, and the status of each. */
  readonly passes: Readonly<Record<string, number>>;
}

const everywhere = (version: string): Readonly<Record<Python, string>> => ({
  '3.9': version,
  '3.11': version,
  '3.13': version,
  '3.14': version,
});
const passes = { handled: 409, missing: 404, nowhere: 404, forbidden: 403, elsewhere: 302, fine: 200 };

export const frameworks: readonly Framework[] = [
  {
    name: 'plain WSGI',
    app: 'wsgi_app.py',
    views: 'wsgi_app.py',
    function: 'wsgi_app:function',
    passes: { handled: 409, nowhere: 404, fine: 200 },
  },
  {
    name: 'Django',
    app: 'django_app.py',
    views: 'django_views.py',
    function: 'django_views:function',
    release: {
      package: 'Django',
      versions: { '3.9': '4.2.30', '3.11': '5.2.19', '3.13': '6.1.3', '3.14': '6.1.3' },
    },
    passes,
  },
  {
    name: 'Flask',
    app: 'flask_app.py',
    views: 'flask_app.py',
    function: 'flask_app:function',
    release: { package: 'Flask', versions: everywhere('3.1.3') },
    template: '> <template>(2)top-level template code()',
    passes,
  },
  {
    name: 'Pyramid',
    app: 'pyramid_app.py',
    views: 'pyramid_app.py',
    function: 'pyramid_app:function',
    release: { package: 'pyramid', versions: { ...everywhere('2.1'), '3.9': '2.0.2' } },
    passes,
  },
  {
    name: 'Bottle',
    app: 'bottle_app.py',
    views: 'bottle_app.py',
    function: 'bottle_app:function',
    release: { package: 'bottle', versions: everywhere('0.13.4') },
    passes: { missing: 404, nowhere: 404, forbidden: 403, elsewhere: 303, fine: 200 },
  },
  {
    name: 'Falcon',
    app: 'falcon_app.py',
    views: 'falcon_app.py',
    function: 'falcon_app:Function.on_get',
    release: { package: 'falcon', versions: everywhere('4.4.0') },
    passes,
  },
];

/** The requirements.txt of an image with all of them. */
export function requirements(python: Python): string {
  const pins = frameworks.flatMap(({ release }) =>
    release ? [`${release.package}==${release.versions[python]}`] : [],
  );
  return [...pins, ''].join('\n');
}
