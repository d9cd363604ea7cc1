import assert from 'node:assert/strict'
import { test } from 'node:test'
import { networkOf } from './network.ts'

test('neighbours are one network, and others are not', () => {
  assert.equal(networkOf('203.0.113.7'), networkOf('203.0.113.250'))
  assert.equal(networkOf('203.0.113.7'), networkOf('::ffff:203.0.113.7'))
  assert.notEqual(networkOf('203.0.113.7'), networkOf('203.0.114.7'))
  assert.equal(networkOf('2001:db8:1:2301::1'), networkOf('2001:db8:1:23ff:ffff::9'))
  assert.notEqual(networkOf('2001:db8:1:2301::1'), networkOf('2001:db8:1:2401::1'))
  assert.equal(networkOf('2001:db8::1'), networkOf('2001:0db8:0000:0000:abcd::1'))
})

test('an address that means nothing outside is no network', () => {
  for (const address of ['127.0.0.1', '::1', '::ffff:127.0.0.1', '10.1.2.3', '172.17.0.1', '192.168.1.5', '100.100.1.1', '169.254.1.1', 'fe80::1%eth0', 'fd00::1', '', 'nonsense', '::', '1:2:3']) assert.equal(networkOf(address), undefined, address)
})
