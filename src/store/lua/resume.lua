-- ARGV: destination, only this reason or '', by or ''
local d, only = ARGV[1], ARGV[2]
local reason = redis.call('HGET', k_dest(d), 'paused')
if reason and (only == '' or reason == only) then
  end_pause(d)
  note(ARGV[3], 'resume', d, '', reason)
end
