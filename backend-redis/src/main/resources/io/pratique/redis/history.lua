-- The changes of one flag, the newest first. Changes nothing.
--
-- KEYS  changes, history
-- ARGV  the flag's key, how many changes at most
--
-- Answers for each change with its version and {name, text, ...}. Each change tells the one before it, so the length of
-- the other flags' history does not matter.

local changes, history = unpack(KEYS)
local answer = {}
local version = redis.call('ZSCORE', changes, ARGV[1])
while version and #answer < tonumber(ARGV[2]) do
    local entry = redis.call('XRANGE', history, version .. '-0', version .. '-0')[1]
    if not entry then
        break
    end
    answer[#answer + 1] = {tonumber(version), entry[2]}
    version = nil
    for i = 1, #entry[2], 2 do
        if entry[2][i] == 'before' then
            version = entry[2][i + 1]
        end
    end
end
return answer
