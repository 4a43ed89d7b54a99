-- ARGV: destination, language, by or ''
redis.call('HSET', k_dest(ARGV[1]), 'language', ARGV[2])
note(ARGV[3], 'language', ARGV[1], '', ARGV[2])
