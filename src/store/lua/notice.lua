-- ARGV: destination, notice
push_notice(ARGV[1], cjson.decode(ARGV[2]))
