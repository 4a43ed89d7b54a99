-- ARGV: destination, reason, retry, dead
pause(ARGV[1], ARGV[2], ARGV[3] == '1', ARGV[4] == '1')
