-- ARGV: job, epoch, runid, length, ended, every (ms), next poll in (ms), facts or '', facts were read, index name or '', row read, net, verdict, entries...
local j, epoch, run, length = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4])
local row, net, verdict = ARGV[11], ARGV[12] == '1', ARGV[13]
local ended, every, nextIn, facts, factsRead, name = ARGV[5] == '1', tonumber(ARGV[6]), tonumber(ARGV[7]), ARGV[8], ARGV[9] == '1', ARGV[10]
local v = redis.call('HMGET', k_job(j), 'epoch', 'base', 'run', 'facts', 'ended', 'every', 'name')
if not v[1] then return { 'gone' } end
local current = runid()
if v[1] ~= epoch or current ~= run then return { 'stale' } end
if redis.call('LLEN', k_log(j)) ~= length then return { 'conflict' } end

local n = now()
local grew = #ARGV > 13
for i = 14, #ARGV, 1000 do redis.call('RPUSH', k_log(j), unpack(ARGV, i, math.min(i + 999, #ARGV))) end
local len = redis.call('LLEN', k_log(j))
if not v[2] then redis.call('HSET', k_job(j), 'base', len) end
if v[3] ~= current then redis.call('HSET', k_job(j), 'run', current, 'safe', len) end
if ended then redis.call('HSET', k_job(j), 'ended', 1) end
redis.call('HSET', k_job(j), 'readAt', n)
if grew or not v[2] then redis.call('HSET', k_job(j), 'changedAt', n) end
if factsRead then redis.call('HSET', k_job(j), 'factsAt', n) end
local newFacts = facts ~= '' and facts ~= v[4]
if newFacts then
  redis.call('HSET', k_job(j), 'facts', facts)
  redis.call('HINCRBY', k_job(j), 'f', 1)
end
if facts ~= '' and name ~= (v[7] or '') then
  if v[7] then redis.call('ZREM', P .. 'index', v[7]) end
  if name ~= '' then redis.call('ZADD', P .. 'index', 0, name) end
  redis.call('HSET', k_job(j), 'name', name)
end
ask_every(j, every, v[6])
-- what waits for the safety net, by when it was read
if net and not ended then redis.call('ZADD', k_net(project_of(j)), n, j) else redis.call('ZREM', k_net(project_of(j)), j) end

local pending = redis.call('HGET', k_job(j), 'row')
if pending and pending == row then
  redis.call('HDEL', k_job(j), 'row')
  pending = false
end
if verdict == 'right' then judge(project_of(j), false) end
-- the list may only be a moment behind: the next sweeps tell
if verdict == 'doubt' and not pending then redis.call('ZADD', k_doubts(project_of(j)), 'NX', n, j) end
if ended then redis.call('ZREM', P .. 'polls', j) else redis.call('ZADD', P .. 'polls', pending and n or n + nextIn, j) end

local answer = { 'appended', pending and '1' or '0' }
if grew or newFacts or not v[2] or (ended and not v[5]) then
  for _, d in ipairs(redis.call('SMEMBERS', P .. 'followers:' .. j)) do
    if newFacts then redis.call('HSET', k_sub(d, j), 'shown', -1) end
    redis.call('ZADD', P .. 'due:' .. d, 'LT', n, j)
    redis.call('ZADD', P .. 'due', 'LT', n, d)
    answer[#answer + 1] = d
  end
end
return answer
