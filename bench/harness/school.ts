/** The demo set whose school imports and exports its candidates. */
export const DEMO = { programme: 'itmc-digital-marketing', demo: 'one-province', now: '2026-05-06T10:00+08:00' }
export const SCHOOL = 'school.beike'
export const ENTITY = 'vslc/candidate'
