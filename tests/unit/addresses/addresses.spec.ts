import { test } from '@japa/runner'
import { networkOf, trusting } from '#providers/addresses/index'

test.group('Addresses', () => {
  for (const [address, network] of [
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['::FFFF:c000:0207', '192.0.2.7'],
    ['0:0:0:0:0:ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:0DB8:0001:0002::', '2001:db8:1:2'],
    ['2001:db8::1', '2001:db8:0:0'],
    ['::1', '0:0:0:0'],
    ['::', '0:0:0:0'],
    ['fe80::1%eth0', 'fe80:0:0:0'],
    ['2001:db8::192.0.2.7', '2001:db8:0:0'],
    ['no address', 'unknown'],
    ['', 'unknown'],
    ['1.2.3', 'unknown'],
  ]) {
    test(`counts "${address}" by ${network}`, ({ assert }) => {
      assert.equal(networkOf(address), network)
    })
  }

  test('trusts nobody without a list', ({ assert }) => {
    for (const list of [undefined, '', ' , ']) {
      for (const address of ['127.0.0.1', '::1', '10.0.0.1']) assert.isFalse(trusting(list)(address))
    }
  })

  test('trusts addresses and ranges, in whichever spelling the socket has', ({ assert }) => {
    const trusts = trusting('192.0.2.7, 10.0.0.0/8,2001:db8::/32')
    for (const address of ['192.0.2.7', '::ffff:192.0.2.7', '10.255.0.1', '2001:db8:9::1'])
      assert.isTrue(trusts(address))
    for (const address of ['192.0.2.8', '11.0.0.1', '2001:db9::1', '::1', 'x', '']) assert.isFalse(trusts(address))
  })

  test('names what is no proxy', ({ assert }) => {
    for (const list of ['localhost', '10.0.0.0/33', '10.0.0.0/0', '10.0.0.0/8/8', '::/129', '10.0.0.0/x', 'loopback']) {
      assert.throws(() => trusting(list), new RegExp(list.replaceAll('/', '\\/')))
    }
  })
})
