-- ARGV: destinations... -> for each {fields, why its platform is paused or '', {job, subscription, base or '', ended, facts or '', length, name of the owner or ''}...}
local answer = {}
for i = 1, #ARGV do
  local d = ARGV[i]
  local place = { redis.call('HGETALL', k_dest(d)), redis.call('HGET', P .. 'platform:' .. platform_of(d), 'paused') or '' }
  for _, j in ipairs(redis.call('SMEMBERS', P .. 'follows:' .. d)) do
    local job = redis.call('HMGET', k_job(j), 'base', 'ended', 'facts')
    local owner = redis.call('HGET', k_sub(d, j), 'owner')
    place[#place + 1] = { j, redis.call('HGETALL', k_sub(d, j)), job[1] or '', job[2] or '', job[3] or '', redis.call('LLEN', k_log(j)),
      owner and owner ~= '' and redis.call('HGET', k_dest(owner), 'name') or '' }
  end
  answer[#answer + 1] = place
end
return answer
