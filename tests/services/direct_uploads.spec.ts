import { deployOnS3 } from '#tests/server/s3_deployment'
import { directUploads } from '#tests/suites/direct_uploads'

directUploads('PostgreSQL and S3', deployOnS3)
