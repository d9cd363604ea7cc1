import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nestedQuotes } from './nested-quotes.ts'

test('what is quoted with quotation marks in it gets the inner ones, and what is not quoted keeps its own', () => {
  assert.equal(nestedQuotes('الجواب نعم: «{wording}»', 'wording', 'هل يمكن لـ«المصباح» مراسلتي؟'), 'هل يمكن لـ‹المصباح› مراسلتي؟')
  assert.equal(nestedQuotes('oui à : « {wording} »', 'wording', 'Voulez-vous « La Lampe » ?'), 'Voulez-vous “La Lampe” ?')
  assert.equal(nestedQuotes('said yes to: “{wording}”', 'wording', 'News of “The Lamp” and of Amara’s day?'), 'News of ‘The Lamp’ and of Amara’s day?')
  assert.equal(nestedQuotes('עניתם כן על: ”{wording}”', 'wording', 'חדשות על ”המנורה”?'), 'חדשות על ’המנורה’?')
  assert.equal(nestedQuotes('{title}: more', 'title', 'The “register”'), 'The “register”')
  assert.equal(nestedQuotes('«{title}»', 'title', 'دار الخبر'), 'دار الخبر')
})
