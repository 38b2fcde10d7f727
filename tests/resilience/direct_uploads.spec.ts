import { deployLocally } from '#tests/server/local_deployment'
import { directUploads } from '#tests/suites/direct_uploads'

directUploads('SQLite and local files', deployLocally)
