import { t } from './i18n';

it('puts values into texts as they are', () => {
  expect(t('test.value', 'see {{page}}', { page: "docs/it's <here> & there" })).toBe("see docs/it's <here> & there");
});

it('says one and many', () => {
  const things = (count: number) => t('test.things', '{{count}} things', { count, defaultValue_one: 'One thing' });
  expect([things(1), things(2)]).toEqual(['One thing', '2 things']);
});
