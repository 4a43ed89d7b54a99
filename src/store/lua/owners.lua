-- ARGV: destinations... -> the DMs that hear when one of them dies
local answer = {}
for i = 1, #ARGV do
  for _, j in ipairs(redis.call('SMEMBERS', P .. 'follows:' .. ARGV[i])) do
    local owner = redis.call('HGET', k_sub(ARGV[i], j), 'owner')
    if owner and owner ~= '' then answer[#answer + 1] = owner end
  end
end
return answer
