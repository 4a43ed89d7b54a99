-- ARGV: since, or '' when access is back
if ARGV[1] == '' then redis.call('DEL', P .. 'access') else redis.call('SET', P .. 'access', ARGV[1]) end
redis.call('DEL', P .. 'access:telling')
