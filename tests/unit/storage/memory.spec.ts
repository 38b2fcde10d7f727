import { MemoryDisk } from '#providers/storage/drivers/memory'
import { diskContract } from '#tests/suites/disk'

diskContract('memory', async () => new MemoryDisk())
