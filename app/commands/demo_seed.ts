import { BaseCommand } from './_base_command.js'

export default class DemoSeed extends BaseCommand {
  static commandName = 'demo:seed'
  static description = 'Fill in the people and albums of the demo, where there is no user yet'

  async run() {
    const { seedDemo } = await import('#database/demo/seed')
    const albums = await seedDemo()
    this.show({ albums }, () =>
      albums > 0
        ? this.logger.success(`${albums} albums are there now`)
        : this.logger.info('There are users already: nothing was filled in')
    )
  }
}
