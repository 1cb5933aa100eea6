// Who may import whom. Run: npm run depcruise. tests/architecture/imports.test.ts plants what the important rules forbid.
const TEST = '\\.test\\.tsx?$|/testing/|/fixtures/'
const RUNTIME = 'access|accounts|audit|desk|definitions|documents|expressions|files|jobs|lookups|notify|operations|print|process|records|release|repeats|signatures|transfer|views'
/** Composition: the files that may see everything behind the door. */
const COMPOSITION = '^server/(index|house|worker|compose-core|compose-operations|check-definitions)\\.ts$|^server/compose/'

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    // a compiler by recursive descent, one file per kind of node, is circular by nature: that may be inside its folder alone
    { name: 'no-circular', severity: 'error', comment: 'Files that need each other are one file or lack a third.', from: { pathNot: '^server/runtime/expressions/(sql|ir|closure)/' }, to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } } },
    { name: 'no-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true, pathNot: '^virtual:|^signature-pad-script' } },
    { name: 'no-dev-dep-in-product', severity: 'error', from: { path: '^(app|server|bin)/', pathNot: ['^app/routes\\.ts$', TEST] }, to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: ['node_modules/vite/', 'node_modules/@types/'] } },

    // platform < data < runtime < operations < composition < web and command line
    { name: 'platform-is-the-floor', severity: 'error', from: { path: '^server/platform/' }, to: { path: '^(app|server)/', pathNot: '^server/platform/' } },
    { name: 'data-uses-only-platform', severity: 'error', from: { path: '^server/data/' }, to: { path: '^(app|server)/', pathNot: '^server/(data|platform)/' } },
    { name: 'runtime-is-domain-neutral', severity: 'error', from: { path: '^server/runtime/', pathNot: TEST }, to: { path: `^(app/|server/(operations|adapters|http|cli|scenarios)/)|${COMPOSITION}` } },
    { name: 'operations-see-contracts-only', severity: 'error', from: { path: '^server/operations/', pathNot: TEST }, to: { path: '^server/(runtime|data|scenarios)/', pathNot: '^server/runtime/contracts\\.ts$' } },
    { name: 'operations-ask-for-adapters', severity: 'error', comment: 'An outside system comes through ctx.adapter; its type alone may be imported.', from: { path: '^server/operations/', pathNot: TEST }, to: { path: '^server/adapters/', dependencyTypesNot: ['type-only'] } },
    { name: 'operations-never-see-web', severity: 'error', from: { path: '^server/operations/' }, to: { path: `^(app|server/(http|cli))/|${COMPOSITION}` } },
    { name: 'operations-are-siblings', severity: 'error', from: { path: '^server/operations/([^/]+)/' }, to: { path: '^server/operations/', pathNot: '^server/operations/($1|shared)/' } },
    { name: 'domain-rules-are-pure', severity: 'error', from: { path: '^server/operations/[^/]+/rules/', pathNot: TEST }, to: { pathNot: '^server/operations/[^/]+/(rules/|[^/]+\\.types\\.ts$)|^server/platform/natural-order\\.ts$|^(node:)?crypto$', dependencyTypesNot: ['type-only'] } },
    { name: 'adapters-know-no-runtime', severity: 'error', from: { path: '^server/adapters/', pathNot: TEST }, to: { path: `^(app/|server/(runtime|operations|http|cli|scenarios)/)|${COMPOSITION}`, pathNot: '^server/runtime/contracts\\.ts$', dependencyTypesNot: ['type-only'] } },

    // parts of the runtime meet at their index (or at a part of it that has one), types apart
    {
      name: 'runtime-modules-meet-at-index', severity: 'error', from: { path: '^server/runtime/([^/]+)/', pathNot: TEST },
      to: { path: `^server/runtime/(${RUNTIME})/`, pathNot: '^server/runtime/($1/|.+/index\\.ts$|.+/types\\.ts$|definitions/model\\.ts$)', dependencyTypesNot: ['type-only'] },
    },
    { name: 'expressions-and-core-run-in-the-browser', severity: 'error', from: { path: '^server/runtime/(expressions|process/core)/', pathNot: TEST }, to: { dependencyTypes: ['core'] } },
    { name: 'process-core-is-pure', severity: 'error', from: { path: '^server/runtime/process/core/', pathNot: TEST }, to: { path: '^server/', pathNot: '^server/runtime/(process/core/|definitions/model\\.ts$|expressions/types\\.ts$)', dependencyTypesNot: ['type-only'] } },
    { name: 'definitions-are-the-runtimes-floor', severity: 'error', from: { path: '^server/runtime/definitions/', pathNot: TEST }, to: { path: `^server/runtime/(${RUNTIME})/`, pathNot: '^server/runtime/(definitions|expressions)/', dependencyTypesNot: ['type-only'] } },
    { name: 'expressions-stand-alone', severity: 'error', from: { path: '^server/runtime/expressions/', pathNot: TEST }, to: { path: '^server/', pathNot: '^server/runtime/expressions/', dependencyTypesNot: ['type-only'] } },

    // one home for each heavy or dangerous library
    { name: 'sequelize-only-in-stores', severity: 'error', from: { path: '^(app|server)/', pathNot: ['^server/data/', '\\.(store|model)\\.ts$', TEST] }, to: { path: 'node_modules/(sequelize|umzug|mysql2|@photostructure/sqlite)/', dependencyTypesNot: ['type-only'] } },
    { name: 'stores-stay-in-their-module', severity: 'error', from: { path: '^server/(runtime|operations)/([^/]+)/', pathNot: TEST }, to: { path: '\\.(store|model)\\.ts$', pathNot: ['^server/$1/$2/', '^server/runtime/[^/]+/index\\.ts$'], dependencyTypesNot: ['type-only'] } },
    { name: 'browser-and-handlebars-one-home', severity: 'error', from: { path: '^(app|server)/', pathNot: ['^server/runtime/documents/', TEST] }, to: { path: 'node_modules/(puppeteer|puppeteer-core|handlebars|pdf-lib)/', dependencyTypesNot: ['type-only'] } },
    { name: 'exceljs-one-home', severity: 'error', from: { path: '^(app|server)/', pathNot: ['^server/runtime/documents/', '^server/runtime/records/excel/', TEST] }, to: { path: 'node_modules/exceljs/' } },
    { name: 'sharp-one-home', severity: 'error', from: { path: '^(app|server)/', pathNot: ['^server/platform/pictures', TEST] }, to: { path: 'node_modules/sharp/', dependencyTypesNot: ['type-only'] } },
    { name: 'bpmn-one-home', severity: 'error', from: { path: '^(app|server)/', pathNot: ['^server/runtime/(process|definitions)/', TEST] }, to: { path: 'node_modules/bpmn-moddle/' } },
    { name: 'ajv-one-home', severity: 'error', from: { path: '^server/', pathNot: ['^server/runtime/(records|definitions|jobs|operations)/', TEST] }, to: { path: 'node_modules/ajv' } },
    { name: 'server-knows-no-remix', severity: 'error', from: { path: '^server/', pathNot: ['^server/http/', TEST] }, to: { path: 'node_modules/(@remix-run/|react/|react-dom/|express/)' } },
    { name: 'commander-one-home', severity: 'error', from: { path: '^(app|server)/', pathNot: '^server/cli/' }, to: { path: 'node_modules/commander/' } },

    // the web reaches the server by one door
    { name: 'only-dot-server-files-import-server', severity: 'error', from: { path: '^app/', pathNot: ['\\.server\\.tsx?$', TEST] }, to: { path: '^server/', pathNot: '^server/runtime/(expressions|process/core)/', dependencyTypesNot: ['type-only'] } },
    { name: 'app-sees-the-contract', severity: 'error', from: { path: '^app/', pathNot: TEST }, to: { path: '^server/', pathNot: ['^server/(index|services)\\.ts$', '^server/http/context\\.ts$', '^server/runtime/definitions/model\\.ts$', '^server/runtime/(expressions|process/core)/'] } },
    { name: 'http-is-a-shell', severity: 'error', from: { path: '^server/http/', pathNot: TEST }, to: { path: '^server/', pathNot: '^server/(http/|platform/|index\\.ts$|services\\.ts$)', dependencyTypesNot: ['type-only'] } },
    { name: 'components-are-pure', severity: 'error', from: { path: '^app/components/', pathNot: TEST }, to: { path: '(^app/(routes|presenters|gateway)/|\\.server\\.tsx?$|^server/)', dependencyTypesNot: ['type-only'] } },
    { name: 'routes-are-leaves', severity: 'error', from: { path: '^app/', pathNot: TEST }, to: { path: '^app/routes/', dependencyTypesNot: ['type-only'] } },

    { name: 'artefacts-are-read-not-imported', severity: 'error', from: { path: '^(app|server)/' }, to: { path: '^(workflows|forms|templates|seeds)/' } },
    { name: 'product-never-imports-tests', severity: 'error', from: { path: '^(app|server)/', pathNot: TEST }, to: { path: '^tests/|\\.test\\.tsx?$' } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(build|var)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default', 'types'], mainFields: ['module', 'main', 'types'] },
  },
}
