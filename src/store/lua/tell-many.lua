-- ARGV: notice, only those who follow anything, destinations...
local notice = cjson.decode(ARGV[1])
for i = 3, #ARGV do
  if ARGV[2] == '0' or redis.call('EXISTS', P .. 'follows:' .. ARGV[i]) == 1 then push_notice(ARGV[i], notice) end
end
