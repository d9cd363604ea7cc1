/** Installs the two proxies that test/proxies runs, where this is Debian and we may. Without them those tests are skipped, and say so. */
import { needPackages } from './debian.ts'

needPackages(['nginx-light', 'caddy'], ['/usr/sbin/nginx', '/usr/bin/caddy'])
