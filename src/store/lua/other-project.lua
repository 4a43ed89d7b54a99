-- ARGV: project -> how many jobs of other projects are followed, and one such project or ''
local count, other = 0, ''
for _, j in ipairs(redis.call('SMEMBERS', P .. 'jobs')) do
  if project_of(j) ~= ARGV[1] then
    count, other = count + 1, project_of(j)
  end
end
return { count, other }
