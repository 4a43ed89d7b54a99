-- ARGV: destination, job
refresh(ARGV[1], ARGV[2])
