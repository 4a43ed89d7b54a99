-- ARGV: project, in (ms). A turn that came to nothing.
redis.call('HSET', k_sweep(ARGV[1]), 'dueAt', now() + tonumber(ARGV[2]))
