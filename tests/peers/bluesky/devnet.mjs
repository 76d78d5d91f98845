// A whole local Bluesky network (PLC, PDS, AppView, Ozone) on the ports that the environment names.
// Needs Node 22, DB_POSTGRES_URL, REDIS_HOST and DB_POSTGRES_SCHEMA; prints one line of JSON when it is ready.
import { TestNetwork } from '@atproto/dev-env'

const port = (name) => Number(process.env[name])
const began = Date.now()
const network = await TestNetwork.create({
  plc: { port: port('PLC_PORT') },
  pds: { port: port('PDS_PORT'), hostname: 'localhost', enableDidDocWithSession: true },
  bsky: {
    dbPostgresSchema: 'bsky',
    port: port('BSKY_PORT'),
    publicUrl: `http://localhost:${port('BSKY_PORT')}`,
  },
  ozone: { port: port('OZONE_PORT') },
})
console.log(JSON.stringify({ ready_ms: Date.now() - began, pds: network.pds.url }))
setInterval(() => {}, 1 << 30)
