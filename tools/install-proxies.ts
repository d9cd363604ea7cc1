/** Installs the two proxies that test/proxies runs, and the age program that opens what exports hand over, where this is Debian and we may. Without them those tests are skipped, and say so. */
import { needPackages } from './debian.ts'

needPackages(['nginx-light', 'caddy', 'age'], ['/usr/sbin/nginx', '/usr/bin/caddy', '/usr/bin/age'])
