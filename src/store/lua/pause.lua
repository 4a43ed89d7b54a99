-- ARGV: destination, reason, retry, dead, by or ''
pause(ARGV[1], ARGV[2], ARGV[3] == '1', ARGV[4] == '1')
note(ARGV[5], 'pause', ARGV[1], '', ARGV[2])
